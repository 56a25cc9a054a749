"""Checks a CAP alert from standard input against the protocol's rules (cap.xsd beside this file, with libxml2) and prints
what stands in it as JSON."""

import json
import pathlib
import sys

from lxml import etree

schema = etree.XMLSchema(etree.parse(pathlib.Path(__file__).with_name("cap.xsd")))
document = etree.fromstring(sys.stdin.buffer.read())
valid = schema.validate(document)


def plain(element):
    children = list(element)
    if not children:
        return element.text or ""
    told = {}
    for child in children:
        told.setdefault(etree.QName(child).localname, []).append(plain(child))
    return told


print(json.dumps({"valid": valid, "errors": [str(error) for error in schema.error_log], "alert": plain(document)}))
