"""Draws a PDF file from standard input with PDFium, page by page, and says as JSON what is on the paper.

For each page: its size in mm; the box of what is printed, as the white left at each edge in mm (none on an empty page);
the share of the paper that ink covers, and the longest run of rows of it that are nearly all dark, in mm (a background
that was printed along); and its text. With an argument, the pictures are kept: <argument>-1.png and so on.
"""

import io
import json
import sys

import pypdfium2

DOTS_PER_MM = 4
POINTS_PER_MM = 72 / 25.4

pages = []
for number, page in enumerate(pypdfium2.PdfDocument(io.BytesIO(sys.stdin.buffer.read())), start=1):
    picture = page.render(scale=DOTS_PER_MM / POINTS_PER_MM).to_pil().convert("L")
    if len(sys.argv) > 1:
        picture.save(f"{sys.argv[1]}-{number}.png")
    ink = picture.point(lambda light: 255 if light < 215 else 0)
    box = ink.getbbox()
    dark = [row for row in range(ink.height) if ink.crop((0, row, ink.width, row + 1)).histogram()[255] > ink.width * 0.8]
    run = longest = 0
    for above, row in zip([None, *dark], dark):
        run = run + 1 if above == row - 1 else 1
        longest = max(longest, run)
    pages.append(
        {
            "width": round(page.get_width() / POINTS_PER_MM, 1),
            "height": round(page.get_height() / POINTS_PER_MM, 1),
            "white": box and [round(mm / DOTS_PER_MM, 1) for mm in (box[0], box[1], ink.width - box[2], ink.height - box[3])],
            "ink": round(ink.histogram()[255] / (ink.width * ink.height), 4),
            "dark": longest / DOTS_PER_MM,
            "text": page.get_textpage().get_text_bounded(),
        }
    )
print(json.dumps(pages))
