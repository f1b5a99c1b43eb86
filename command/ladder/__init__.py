from command.ladder.incidents import INCIDENT_MOVES
from command.ladder.sitreps import SITREP_MOVES

__all__ = ["INCIDENT_MOVES", "SITREP_MOVES"]
