"""Makes golden fixtures with zennit; see ../README.md."""
