"""The annex of releases: a dated, checksummed, described copy of everything."""
