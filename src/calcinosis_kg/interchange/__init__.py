"""The annex where the graph is written for other people's tools, and read back: one room a format or a hand-off."""
