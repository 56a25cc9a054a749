"""Reads a calendar file from standard input with icalendar and prints what it understood as JSON: instants in UTC."""

import datetime
import json
import sys

import icalendar

calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
(event,) = calendar.walk("VEVENT")


def instant(name):
    return event.decoded(name).astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


print(
    json.dumps(
        {
            "method": calendar["METHOD"],
            "uid": event["UID"],
            "sequence": event["SEQUENCE"],
            "status": event["STATUS"],
            "starts": instant("DTSTART"),
            "ends": instant("DTEND"),
            "zones": [event[name].params.get("TZID") for name in ("DTSTART", "DTEND")],
            "defined": [zone["TZID"] for zone in calendar.walk("VTIMEZONE")],
            "triggers": [alarm["TRIGGER"].dt.total_seconds() for alarm in event.walk("VALARM")],
            "alarms": [[alarm["ACTION"], alarm["DESCRIPTION"]] for alarm in event.walk("VALARM")],
            "summary": event["SUMMARY"],
            "location": event["LOCATION"],
            "description": event["DESCRIPTION"],
            "url": event["URL"],
        }
    )
)
