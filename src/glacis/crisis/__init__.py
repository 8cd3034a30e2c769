"""The crisis: games in extensive form, what everybody does in them, and what they believe."""
