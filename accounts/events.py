"""What is announced about people, and to whom."""

from accounts.live import announce, ring
from accounts.models import Technician

# Every open portal page hears this group.
TECHNICIANS = "technicians"


def technician_group(technician_id: int) -> str:
    """Every open page of one technician."""
    return f"technician.{technician_id}"


def technician_changed(technician: Technician) -> None:
    """Availability, name, right to work: pages of everybody look again."""
    announce(TECHNICIANS, {"type": "technician.changed", "technician": technician.pk})


def rights_changed(technician: Technician) -> None:
    """Signed out, disabled, new password: this person's sockets ask again whether they may stay."""
    announce(technician_group(technician.pk), {"type": "rights.changed"})


def installation_changed() -> None:
    """Settings: pages look again."""
    announce(TECHNICIANS, {"type": "installation.changed"})


def technician_page_closed(technician_id: int) -> None:
    ring(technician_group(technician_id), {"type": "page.closed"})
