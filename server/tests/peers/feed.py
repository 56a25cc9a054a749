"""Reads a feed from standard input with feedparser and prints what it understood as JSON."""

import json
import sys

import feedparser

feed = feedparser.parse(sys.stdin.buffer.read())
print(
    json.dumps(
        {
            "bozo": bool(feed.bozo),
            "version": feed.version,
            "id": feed.feed.get("id"),
            "title": feed.feed.get("title"),
            "updated": feed.feed.get("updated"),
            "links": [(link.rel, link.href) for link in feed.feed.get("links", [])],
            "entries": [
                {
                    "id": entry.id,
                    "title": entry.title,
                    "link": entry.link,
                    "updated": entry.updated,
                    "published": entry.published,
                    "author": entry.get("author"),
                    "summary": entry.get("summary"),
                    "summary_type": entry.get("summary_detail", {}).get("type"),
                    "content": [content.value for content in entry.get("content", [])],
                    "tags": [(tag.term, tag.label) for tag in entry.get("tags", [])],
                }
                for entry in feed.entries
            ],
        }
    )
)
