"""The scenario as data: read, checked, changed, written, and told in short."""
