"""The war on the map: what happens if Red attacks, by option, answer and world."""
