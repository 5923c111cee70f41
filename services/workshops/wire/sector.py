"""Sectors on the wire."""

from madang.workshops.v1 import participant_sector_pb2
from services.kit.wire import EnumWire
from services.workshops.domain.sector import ParticipantSector

SECTORS = EnumWire(participant_sector_pb2.ParticipantSector, ParticipantSector)
