"""A message as the library of the Standard Webhooks convention takes it.

Reads {"secret", "now", "headers", "body"} and prints what it verified, or why not. "now" is the receiver's clock.
"""
import datetime
import json
import sys

import standardwebhooks.webhooks as library

given = json.load(sys.stdin)
now = datetime.datetime.fromtimestamp(given["now"], datetime.timezone.utc)


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return now


library.datetime = Clock
try:
    print(json.dumps({"payload": library.Webhook(given["secret"]).verify(given["body"], given["headers"])}))
except library.WebhookVerificationError as error:
    print(json.dumps({"refused": str(error)}))
