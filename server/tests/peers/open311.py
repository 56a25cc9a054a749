"""Two clients of Open311 GeoReport v2 by others, georeport and civicbot, doing every call that they know.

usage: open311.py <address> <jurisdiction> <key> <service code> <building code>; prints what they understood as JSON.
"""
import json
import sys

import civicbot.registry
from civicbot.http import HttpError, HttpTransport, RateLimiter
from civicbot.open311 import Open311Client
from georeport import GeoReport

address, jurisdiction, key, service, building = sys.argv[1:]


city = {"id": "linli", "name": "Linli", "base_url": address, "write": True}
endpoint = civicbot.registry.Endpoint.from_dict(city)
robot = Open311Client(endpoint, HttpTransport(rate_limiter=RateLimiter(min_interval=0)), jurisdiction_id=jurisdiction)
filed = robot.create_request(
    service, dry_run=False, confirm="SEND", api_key=key, validate_remote=True, address_id=building,
    description="路灯不亮", first_name="国庆", last_name="王", phone="19912345678",
    attributes={"building": building, "number": "SH-1"},
).response
number = filed[0]["service_request_id"]


def status(call):
    try:
        call()
    except HttpError as error:
        return error.status
    return 200


told = {
    "filed": filed,
    "services": [one["service_code"] for one in robot.list_services()],
    "definition": robot.get_service_definition(service),
    "one": robot.get_request(number),
    "token": robot.get_token(number),
    "listed": [one["service_request_id"] for one in robot.list_requests(service_code=service, status="open", page_size=10)],
    "by_number": [one["service_request_id"] for one in robot.list_requests(service_request_ids=[number])],
    "without_key": status(
        lambda: robot.create_request(service, dry_run=False, confirm="SEND", api_key="x", address_id=building)
    ),
    "unknown": status(lambda: robot.get_request("NONE")),
}
for form in ("json", "xml"):
    client = GeoReport(address, jurisdiction=jurisdiction, output_format=form)
    attributes = client.get_service_definition(service)["attributes"]
    if form == "xml":
        attributes = attributes["attribute"]
    requests = client.get_service_requests(service_code=service, status="open")
    told[form] = {
        "services": [one["service_code"] for one in client.get_service_list()],
        "attributes": [one["code"] for one in attributes],
        # xmltodict gives a list of one as the one itself.
        "listed": [one["service_request_id"] for one in (requests if isinstance(requests, list) else [requests])],
        "one": client.get_service_request(number)["status"],
    }
json.dump(told, sys.stdout, ensure_ascii=False)
