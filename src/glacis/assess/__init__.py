"""Where campaign, alliance and crisis meet; nothing else lets one know of another."""
