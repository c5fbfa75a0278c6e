"""From a prompt to a wish: the voices that are to be played, and how."""
