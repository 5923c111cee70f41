"""Vocabularies that more than one service speaks, as codes. Their source is docs/glossary.md."""

from enum import StrEnum
from typing import NewType

Department = NewType("Department", str)
District = NewType("District", str)


class RepresentedGroup(StrEnum):
    """The twelve groups that honorary vice-mayors represent (from 2012)."""

    ELDERLY = "elderly"
    DISABLED = "disabled"
    TRADITIONAL_MERCHANTS = "traditional_merchants"
    FOREIGNERS = "foreigners"
    WOMEN = "women"
    YOUTH = "youth"
    SMALL_BUSINESSES = "small_businesses"
    CULTURE_ARTS = "culture_arts"
    TOURISM = "tourism"
    URBAN_SAFETY = "urban_safety"
    ENVIRONMENT = "environment"
    YOUNG_ADULTS = "young_adults"


class InnovationField(StrEnum):
    """The five fields of an innovation agenda."""

    DISTRIBUTION = "distribution"
    LIVING_CULTURE_AND_SPACE = "living_culture_and_space"
    JOBS = "jobs"
    HOUSING_AND_SAFETY = "housing_and_safety"
    SOCIAL_PARTICIPATION_AND_PUBLIC_SERVICE = "social_participation_and_public_service"


class HrObjective(StrEnum):
    """The five objectives of the basic plan for human rights (2013 to 2017)."""

    VULNERABLE_RIGHTS = "vulnerable_rights"
    RIGHTS_ORIENTED_CITY = "rights_oriented_city"
    RIGHTS_CULTURE = "rights_culture"
    RIGHTS_INSTITUTIONS = "rights_institutions"
    CIVIL_SOCIETY_COOPERATION = "civil_society_cooperation"


class GtsnArea(StrEnum):
    """The six areas of the GTSN index (2022 = 100)."""

    LIVELIHOOD_AND_CAREGIVING = "livelihood_and_caregiving"
    HOUSING = "housing"
    MEDICAL_AND_HEALTH = "medical_and_health"
    EDUCATION_AND_CULTURE = "education_and_culture"
    PUBLIC_SAFETY = "public_safety"
    SOCIAL_INTEGRATION = "social_integration"


class ImportOutcome(StrEnum):
    """What became of a row of history."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"


# The 25 districts of Seoul by the code of the Ministry of the Interior and Safety (행정표준코드, five digits).
DISTRICTS = {
    "11110": "종로구", "11140": "중구", "11170": "용산구", "11200": "성동구", "11215": "광진구",
    "11230": "동대문구", "11260": "중랑구", "11290": "성북구", "11305": "강북구", "11320": "도봉구",
    "11350": "노원구", "11380": "은평구", "11410": "서대문구", "11440": "마포구", "11470": "양천구",
    "11500": "강서구", "11530": "구로구", "11545": "금천구", "11560": "영등포구", "11590": "동작구",
    "11620": "관악구", "11650": "서초구", "11680": "강남구", "11710": "송파구", "11740": "강동구",
}  # fmt: skip
