"""Where everyone stands under the standard: a unit, a person, the city."""
