"""Items, links and what belongs to them. Pure: time and ids are handed in, new states and facts come back."""
