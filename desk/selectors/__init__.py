"""What the pages show that stand above the rooms: the home page (`home`), and what a search finds (`search`)."""

from desk.selectors.home import home
from desk.selectors.search import Found, found, place_of

__all__ = ["Found", "found", "home", "place_of"]
