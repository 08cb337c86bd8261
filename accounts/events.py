"""What is announced about people, and to whom."""

from accounts.live import announce, ring
from accounts.models import Technician

# Every open portal page hears this group.
TECHNICIANS = "technicians"
# Every open page on a device hears this one.
PAGES = "pages"


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
    """Settings, customers, contacts, devices that come: pages look again."""
    announce(TECHNICIANS, {"type": "installation.changed"})


def help_changed() -> None:
    """Whether people can ask for a chat may be otherwise now. Devices are many: only told when it is so."""
    announce(PAGES, {"type": "help.changed"})


def technician_page_closed(technician_id: int) -> None:
    ring(technician_group(technician_id), {"type": "page.closed"})
