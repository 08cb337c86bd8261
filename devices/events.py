"""What is announced about devices, and to whom."""

from accounts.live import announce, ring


def device_group(device_id: int) -> str:
    """Every open page on one device."""
    return f"device.{device_id}"


def watch_group(device_id: int) -> str:
    """Every page of the portal that shows how one device is."""
    return f"device.{device_id}.watch"


def device_changed(device_id: int) -> None:
    """Another contact, a revoked link, a new name: its pages ask again whether they may stay."""
    announce(device_group(device_id), {"type": "device.changed", "device": device_id})
    announce(watch_group(device_id), {"type": "device.changed", "device": device_id})


def page_opened(device_id: int) -> None:
    ring(watch_group(device_id), {"type": "page.opened", "device": device_id})


def page_closed(device_id: int) -> None:
    """Told to the device's other pages too: one that is still open says so at once."""
    ring(watch_group(device_id), {"type": "page.closed", "device": device_id})
    ring(device_group(device_id), {"type": "page.closed", "device": device_id})
