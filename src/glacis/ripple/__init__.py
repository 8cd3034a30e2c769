"""What an ending sets off elsewhere: other theatres, credibility, and allies' own weapons."""
