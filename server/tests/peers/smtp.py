"""A real SMTP receiver for the tests: `smtp.py PORT`. Each letter it takes is one line of JSON on standard output, read
by Python's own mail parser. Addresses that begin with `full` are refused for good, `busy` refuses the first try, `some`
every fifth."""

import asyncio
import email
import email.policy
import json
import sys

from aiosmtpd.controller import Controller


class Handler:
    def __init__(self):
        self.tried = set()
        self.asked = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("full"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("busy") and address not in self.tried:
            self.tried.add(address)
            return "451 4.3.0 try again"
        if address.startswith("some"):
            self.asked += 1
            if self.asked % 5 == 0:
                return "451 4.3.2 too much at the moment"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = letter.get_body(("plain",))
        told = {
            "to": envelope.rcpt_tos,
            "subject": letter["subject"],
            "from": letter["from"],
            "id": letter["message-id"],
            "stop": letter["list-unsubscribe"],
            "stop_post": letter["list-unsubscribe-post"],
            "text": body.get_content() if body else None,
            "types": [part.get_content_type() for part in letter.walk()],
            "headers": sorted(letter.keys()),
        }
        print(json.dumps(told), flush=True)
        return "250 taken"


controller = Controller(Handler(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("ready", flush=True)
asyncio.new_event_loop().run_forever()
