"""An invoice pipeline of a client's own: PDFs of random invoices, printed, scanned badly, and read by a real OCR engine.

Truth is known by construction. The fields stand at known places, as on a form; the engine's recognition model reads each of them.
Run with the number of invoices and a seed; writes a JSON line for each: ``truth``, ``value`` as it was read, ``scores``.
"""

import io
import json
import random
import re
import sys

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageFilter
from rapidocr_onnxruntime import RapidOCR
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen import canvas

VENDORS = ("Acme Tools", "Olsen and Sons", "Bright Lamps", "Northern Oil", "Ill Wind Sails", "Zoo Supplies", "Granite Works")
PREFIXES = ("INV", "RE", "A", "OO1")
"""The last one is printed with letters that look like digits."""

FIELDS = ("vendor", "number", "day", "net", "vat", "total")
AMOUNTS = ("net", "vat", "total")
WIDTH, HEIGHT = A5
MARGIN = 0.28


def main(count, seed):
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, use_cls=False)
    for _ in range(count):
        truth = invoice(rng)
        page, places = printed(truth, rng)
        value, scores = read(engine, scanned(page, rng, noise), places)
        print(json.dumps({"truth": truth, "value": value, "scores": scores}), flush=True)


def invoice(rng):
    net = round(rng.uniform(20, 9000), 2)
    vat = round(net * rng.choice([0.07, 0.19, 0.2]), 2)
    return {
        "vendor": rng.choice(VENDORS),
        "number": f"{rng.choice(PREFIXES)}-{rng.randint(0, 999999):06d}",
        "day": f"{rng.randint(2022, 2026)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        "net": f"{net:.2f}",
        "vat": f"{vat:.2f}",
        "total": f"{net + vat:.2f}",
    }


def printed(truth, rng):
    """The PDF, and where each field stands: left, baseline, width and size in points."""
    file, places = io.BytesIO(), {}
    sheet = canvas.Canvas(file, pagesize=A5)
    font, size = rng.choice(["Helvetica", "Times-Roman", "Courier"]), rng.choice([9, 10, 11])

    def write(name, x, y, points):
        sheet.setFont(font, points)
        sheet.drawString(x, y, truth[name])
        places[name] = (x, y, sheet.stringWidth(truth[name], font, points), points)

    write("vendor", 30, HEIGHT - 50, size + 6)
    for at, (name, title) in enumerate((("number", "Invoice No:"), ("day", "Date:"))):
        sheet.setFont(font, size)
        sheet.drawString(30, HEIGHT - 90 - 18 * at, title)
        write(name, 130, HEIGHT - 90 - 18 * at, size)
    for at, (name, title) in enumerate((("net", "Net:"), ("vat", "VAT:"), ("total", "Total:"))):
        sheet.setFont(font, size)
        sheet.drawString(230, HEIGHT - 220 - 18 * at, title)
        write(name, 300, HEIGHT - 220 - 18 * at, size)
    sheet.save()
    return file.getvalue(), places


def scanned(pdf, rng, noise):
    """The page as a bad scanner gives it: turned, small, blurred, noisy, pressed as JPEG. One in four is clean."""
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=2.0, grayscale=True).to_pil().convert("L")
    if rng.random() < 0.75:
        image = image.rotate(rng.uniform(-0.6, 0.6), fillcolor=255, resample=Image.BICUBIC)
        share = rng.uniform(0.38, 0.9)
        image = image.resize((int(image.width * share), int(image.height * share)), Image.BILINEAR)
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.1)))
        grey = np.asarray(image, dtype=np.float32) + noise.normal(0, rng.uniform(0, 22), (image.height, image.width))
        image = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=rng.choice([20, 35, 60, 85]))
    return cv2.imdecode(np.frombuffer(file.getvalue(), np.uint8), cv2.IMREAD_COLOR)


def read(engine, image, places):
    found = engine.text_rec([cropped(image, places[name]) for name in FIELDS])[0]
    said = dict(zip(FIELDS, found, strict=True))
    value = {name: parsed(name, text.strip()) for name, (text, *_) in said.items()}
    return value, {name: float(score) for name, (_, score, *_) in said.items()}


def cropped(image, place):
    x, y, width, size = place
    across, down, margin = image.shape[1] / WIDTH, image.shape[0] / HEIGHT, MARGIN * size
    top, bottom = (HEIGHT - y - 0.86 * size - margin) * down, (HEIGHT - y + 0.3 * size + margin) * down
    return image[max(0, int(top)) : int(bottom), max(0, int((x - margin - 2) * across)) : int((x + width + margin + 2) * across)]


def parsed(name, text):
    """The field as the service takes it; None for what is no amount and no day."""
    if name in AMOUNTS:
        digits = re.sub(r"[\s,]", "", text)
        return digits if re.fullmatch(r"\d{1,12}\.\d{2}", digits) else None
    if name == "day":
        return text if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])", text) else None
    return re.sub(r"\s+", "", text)[:60] or None if name == "number" else text[:500] or None


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
