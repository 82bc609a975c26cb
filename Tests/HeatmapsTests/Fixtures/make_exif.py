"""exif.png and exif.webp: 3 x 2 pixels of six colours, with the Exif orientation 6. Made with Pillow 12."""

import pathlib

from PIL import Image

folder = pathlib.Path(__file__).parent
picture = Image.new("RGB", (3, 2))
picture.putdata([(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255)])
exif = picture.getexif()
exif[0x0112] = 6
picture.save(folder / "exif.png", exif=exif)
picture.save(folder / "exif.webp", exif=exif, lossless=True)
