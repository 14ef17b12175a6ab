"""Knowledge gateway: the sourced data files as frozen terms, or every fault they have."""

from openmeso.gateways.knowledge.fault import Fault, KnowledgeError
from openmeso.gateways.knowledge.load import FOLDER, Survey, load_knowledge, survey

__all__ = ["FOLDER", "Fault", "KnowledgeError", "Survey", "load_knowledge", "survey"]
