"""A comparison as an illustrated report: one self-contained page of HTML."""
