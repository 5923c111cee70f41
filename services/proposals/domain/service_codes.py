"""What a proposal can be about: the services of GeoReport, as data. Rule improvements are Sharing City's (Seoul, from 2012)."""

from dataclasses import dataclass

from services.kit.errors import invalid


@dataclass(frozen=True, slots=True)
class ServiceCode:
    """One service; the department is a hint for triage, no rule."""

    code: str
    name_ko: str
    name_en: str
    department: str


SERVICE_CODES = (
    ServiceCode("proposal", "시민 제안", "Citizen proposal", ""),
    ServiceCode("complaint", "민원", "Complaint", ""),
    ServiceCode("inquiry", "문의", "Inquiry", "다산콜센터"),
    ServiceCode("rule_improvement", "공유도시 제도 개선", "Rule improvement for Sharing City", "사회혁신담당관"),
    ServiceCode("sharing_proposal", "공유 사업 제안", "Proposal for sharing", "사회혁신담당관"),
    ServiceCode("town_project", "마을공동체 사업", "Town community project", "지역공동체담당관"),
    ServiceCode("transport", "교통", "Transport", "교통정책과"),
    ServiceCode("roads", "도로와 보행", "Roads and walking", "보행정책과"),
    ServiceCode("housing", "주거", "Housing", "주택정책과"),
    ServiceCode("welfare", "복지", "Welfare", "복지정책과"),
    ServiceCode("health", "보건의료", "Health", "보건의료정책과"),
    ServiceCode("environment", "환경과 청소", "Environment and waste", "자원순환과"),
    ServiceCode("culture", "문화와 관광", "Culture and tourism", "문화정책과"),
    ServiceCode("safety", "안전", "Safety", "안전총괄과"),
    ServiceCode("multicultural", "외국인 주민 지원", "Support of foreign residents", "외국인다문화담당관"),
)
BY_CODE = {service.code: service for service in SERVICE_CODES}


def known(code: str) -> str:
    """The code, `proposal` where empty; refused with SERVICE_CODE_UNKNOWN."""
    if code and code not in BY_CODE:
        raise invalid("SERVICE_CODE_UNKNOWN", f"{code!r} is no service; there are {', '.join(BY_CODE)}", "service_code")
    return code or "proposal"
