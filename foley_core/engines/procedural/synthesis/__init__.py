"""What sounds are made of: noise, grains, modes, throats. Knows nothing of prompts and pictures."""
