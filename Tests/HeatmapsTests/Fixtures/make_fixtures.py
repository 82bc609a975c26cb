#!/usr/bin/env python3
"""Writes the golden files of HeatmapsTests. Run in this folder: python make_fixtures.py

Made with Python 3.11, zennit 1.0.0, NumPy 2.4.6, Pillow 12.3.0 (zennit's imgify fails from Pillow 13 on). Seed: 20261123.
Arrays are base64 of little-endian bytes.
"""
import base64
import io
import json
import struct
import zlib

import numpy as np
from PIL import Image
from zennit.cmap import ColorMap
from zennit.image import CMAPS, gridify, imgify, interval_norm_bounds, palette

RNG = np.random.default_rng(20261123)


def b64(data):
    return base64.b64encode(data if isinstance(data, bytes) else np.ascontiguousarray(data).tobytes()).decode()


def write(name, value):
    with open(name, 'w') as file:
        json.dump(value, file, indent=0, sort_keys=True)
        file.write('\n')


def colormaps():
    levels = [1.0, 0.5, 0.0, 2.0, -1.0, 0.3, 1.7, 100.0]
    sources = [
        '000,fff', 'FFF,aBc123', '10:f00,0f0', '000,f0:fff', '20:123456,fed,ba9,c0:876543,0ff',
        '000,80:f00,80:00f,fff', '0:000,f:fff', '7:000,8:fff', ' 0 : 00 0' , '000 , 8 : 111 ,\n\tfff', '000,fff,',
        '000,111,222,333,444,555,666,777,888', 'ff:000,fff', 'ff:000,ff:fff', '000,00:f00,00:0f0,1:00f,fff',
        '80:abc,81:123,82:fff', '000,f00,0f0,40:00f,fff,c0:0ff,ff0,f0f,fff', '000,ff:123,fff', '12:345678,9a:bcd',
    ]
    wrong = [
        '', ' ', 'fff', 'fff,', ',fff', 'fff,,000', 'fff;000', 'ff,00', 'ffff,000', 'fff,000,8', 'fff,8:,000',
        'fff,8:', '80:fff,70:000', '000,80:fff,7f:000,fff', ':fff,000', 'fff:000', 'fff 000', '8:8:fff,000', '123456789',
        'bwrr', '8 0:fff,000', 'fff,#000', 'fff,000 x', '8 fff,000', '8:fff 8,000', '00000',
    ]
    accepted = []
    for source in sources + wrong:
        try:
            ColorMap(source)
            accepted.append(True)
        except RuntimeError:
            accepted.append(False)
    good = [source for source, is_good in zip(sources + wrong, accepted) if is_good]
    bad = [source for source, is_good in zip(sources + wrong, accepted) if not is_good]
    values = np.concatenate([np.linspace(-0.2, 1.2, 57), RNG.random(20)])
    write('colormaps.json', {
        'builtIn': [
            {'name': name, 'source': CMAPS[name].source, 'level': level, 'palette': b64(palette(name, level))}
            for name in CMAPS for level in levels
        ],
        'sources': [
            {'name': source, 'source': source, 'level': level, 'palette': b64(palette(ColorMap(source), level))}
            for source in good for level in (1.0, 0.6)
        ],
        'wrong': bad,
        'calls': {
            'values': values.tolist(),
            'colors': [{'name': name, 'channels': CMAPS[name](values).ravel().tolist()} for name in ('coldnhot', 'france')],
        },
    })


def floats(*shape):
    return RNG.standard_normal(shape).astype(np.float32)


def special(values, shape):
    return np.array(values, dtype=np.float32).reshape(shape)


def imgify_cases():
    shapes = [
        ((5, 7), False), ((5, 7, 1), False), ((1, 5, 7), False), ((3, 5, 7), False), ((5, 7, 3), False), ((3, 4, 3), False),
        ((3, 3, 3), False), ((1, 3, 2), False), ((5, 4, 6), True), ((5, 4, 6, 1), True), ((5, 1, 4, 6), True),
        ((5, 3, 4, 6), True), ((7, 4, 6, 3), True), ((4, 3, 2, 3), True), ((1, 2, 2), True), ((9, 2, 2), True),
        ((2, 2, 2), (3, 2)), ((6, 2, 2), (2, 2)), ((5, 3, 2, 2), (1, 7)),
    ]
    variants = [
        {}, {'symmetric': True}, {'vmin': -1.0}, {'vmax': 0.5}, {'vmin': -2, 'vmax': 2}, {'symmetric': True, 'vmax': 3.0},
        {'cmap': 'coldnhot', 'level': 0.5, 'symmetric': True}, {'cmap': '00f,fff,f00', 'level': 2.0},
    ]
    cases = []

    def add(array, grid, **options):
        image = imgify(array, grid=grid, **options)
        cases.append({
            'shape': list(array.shape), 'isBytes': array.dtype == np.uint8, 'array': b64(array),
            'grid': [] if isinstance(grid, bool) else list(grid), 'hasGrid': bool(grid),
            'symmetric': options.get('symmetric', False), 'cmap': options.get('cmap', 'bwr'),
            'level': options.get('level', 1.0), 'gridfill': options.get('gridfill'),
            **{key: float(options[key]) for key in ('vmin', 'vmax') if key in options and np.isscalar(options[key])},
            **{key + 'Array': {'shape': list(options[key].shape), 'array': b64(options[key])}
               for key in ('vmin', 'vmax') if key in options and not np.isscalar(options[key])},
            'mode': image.mode, 'width': image.width, 'height': image.height, 'pixels': b64(image.tobytes()),
            'palette': b64(bytes(image.getpalette('RGB'))) if image.mode == 'P' else '',
        })

    for number, (shape, grid) in enumerate(shapes):
        for variant in variants if number in (0, 3, 8, 11) else variants[:3]:
            add(floats(*shape), grid, **variant)
        add(RNG.integers(0, 256, shape).astype(np.uint8), grid)
    add(floats(5, 2, 2), True, gridfill=77)
    add(RNG.integers(0, 256, (5, 2, 2)).astype(np.uint8), (2, 4), gridfill=200)
    # An array for vmin makes zennit raise, so only vmax has cases.
    add(floats(4, 2, 3), True, vmax=floats(4, 1, 1) + 2)
    add(floats(4, 3, 2, 2), True, vmax=floats(4, 1, 1, 3) + 2)
    add(floats(4, 3), False, vmax=floats(3) + 2)
    with np.errstate(all='ignore'):
        add(np.zeros((2, 3), np.float32), False)
        add(np.zeros((2, 3), np.float32), False, symmetric=True)
        add(special([1, 2, np.inf, -np.inf, 3, 4], (2, 3)), False, vmin=0.0, vmax=4.0)
        add(special([1, 2, np.nan, 0, 3, 4], (2, 3)), False, vmin=0.0, vmax=4.0)
        add(special([1, 2, np.nan, 0, 3, 4], (2, 3)), False)
        add(special([1, 2, 3, 4, 5, 6], (2, 3)), False, vmin=4.0, vmax=2.0)
    add(special(np.arange(256) / 255, (16, 16)), False)
    add(special(np.arange(256) / 255, (16, 16)), False, vmin=0.0, vmax=1.0)
    write('imgify.json', cases)


def gridify_cases():
    cases = []
    for shape, grid, fill in [
        ((5, 4, 6), None, None), ((5, 4, 6, 3), None, None), ((5, 3, 4, 6), None, None), ((5, 1, 4, 6), None, None),
        ((5, 4, 6), (3, 3), None), ((5, 4, 6), (2, 2), None), ((5, 3, 2, 2), (2, 4), 0.25), ((1, 2, 2), None, None),
        ((2, 2, 2), None, None), ((3, 2, 2), None, -1.0), ((10, 1, 1), None, None), ((16, 2, 1, 1), None, None),
    ]:
        array = floats(*shape)
        result = gridify(array, shape=grid, fill_value=fill)
        cases.append({
            'shape': list(shape), 'array': b64(array), 'grid': list(grid or []), 'fill': fill,
            'resultShape': list(result.shape), 'result': b64(result.astype(np.float32)),
        })
    array = floats(5, 3, 2, 2)
    result = gridify(array, shape=(2, 3), fill_value=[0.5, -0.5, 2.0])
    cases.append({
        'shape': [5, 3, 2, 2], 'array': b64(array), 'grid': [2, 3], 'fills': [0.5, -0.5, 2.0],
        'resultShape': list(result.shape), 'result': b64(result.astype(np.float32)),
    })
    write('gridify.json', cases)


def bounds_cases():
    cases = []
    for shape, dim in [
        ((3, 4), None), ((2, 3, 4, 5), None), ((2, 3, 4, 5), (1,)), ((2, 3, 4, 5), (0, 2, 3)), ((2, 3, 4), (0, 1, 2)),
        ((2, 3, 4), (-1,)), ((6,), (0,)), ((2, 3, 4), ()),
    ]:
        for symmetric in (False, True):
            array = floats(*shape)
            vmin, vmax = interval_norm_bounds(array, symmetric=symmetric, dim=dim)
            cases.append({
                'shape': list(shape), 'array': b64(array), 'dim': None if dim is None else list(dim),
                'symmetric': symmetric, 'resultShape': list(vmin.shape), 'minimum': b64(vmin), 'maximum': b64(vmax),
            })
    write('bounds.json', cases)


def norm_cases():
    """The three norms of zennit's example program, followed by saving between 0 and 1."""
    cases = []
    for norm in ('symmetric', 'absolute', 'unaligned'):
        relevance = floats(4, 16, 16)
        if norm == 'symmetric':
            amax = np.abs(relevance).max((1, 2), keepdims=True)
            result = (relevance + amax) / 2 / amax
        elif norm == 'absolute':
            result = np.abs(relevance)
            result = result / result.max((1, 2), keepdims=True)
        else:
            rmin, rmax = relevance.min((1, 2), keepdims=True), relevance.max((1, 2), keepdims=True)
            result = (relevance - rmin) / (rmax - rmin)
        images = b''.join(imgify(sample, vmin=0., vmax=1., cmap='coldnhot').tobytes() for sample in result)
        cases.append({'norm': norm, 'shape': [4, 16, 16], 'array': b64(relevance), 'result': b64(result), 'pixels': b64(images)})
    write('norms.json', cases)


def png16(array):
    """A 16-bit RGB PNG, which Pillow cannot write."""
    height, width, _ = array.shape

    def chunk(kind, data):
        return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))

    rows = b''.join(b'\0' + row.astype('>u2').tobytes() for row in array)
    header = struct.pack('>IIBBBBB', width, height, 16, 2, 0, 0, 0)
    return b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', header) + chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b'')


def on_white(image):
    rgba = np.asarray(image.convert('RGBA')).astype(np.float64)
    alpha = rgba[..., 3:] / 255
    return np.floor(rgba[..., :3] * alpha + 255 * (1 - alpha) + 0.5).astype(np.uint8)


def picture_cases():
    cases = []

    def add(name, data, expected, tolerance=0):
        height, width, _ = expected.shape
        cases.append({
            'name': name, 'file': b64(data), 'width': width, 'height': height, 'rgb': b64(expected), 'tolerance': tolerance,
        })

    def encode(image, format, **options):
        file = io.BytesIO()
        image.save(file, format, **options)
        return file.getvalue()

    def decoded(data):
        return np.asarray(Image.open(io.BytesIO(data)).convert('RGB'))

    noise = RNG.integers(0, 256, (5, 7, 3)).astype(np.uint8)
    y, x = np.mgrid[0:24, 0:32]
    smooth = np.stack([x * 8, y * 10, (x + y) * 4], -1).clip(0, 255).astype(np.uint8)
    rgb, scene = Image.fromarray(noise), Image.fromarray(smooth)
    alpha = Image.fromarray(np.concatenate([noise, RNG.integers(0, 256, (5, 7, 1)).astype(np.uint8)], -1), 'RGBA')
    add('png rgb', encode(rgb, 'PNG'), noise)
    add('png gray', encode(rgb.convert('L'), 'PNG'), np.asarray(rgb.convert('L').convert('RGB')))
    add('png rgba', encode(alpha, 'PNG'), on_white(alpha))
    add('png gray and alpha', encode(alpha.convert('LA'), 'PNG'), on_white(alpha.convert('LA')))
    indexed = rgb.quantize(16)
    add('png palette', encode(indexed, 'PNG'), np.asarray(indexed.convert('RGB')))
    add('png palette with transparency', encode(indexed, 'PNG', transparency=3),
        on_white(Image.open(io.BytesIO(encode(indexed, 'PNG', transparency=3)))))
    one = rgb.convert('1')
    add('png one bit', encode(one, 'PNG'), np.asarray(one.convert('RGB')))
    deep = RNG.integers(0, 65536, (5, 7, 3)).astype(np.uint16)
    add('png sixteen bits', png16(deep), np.floor(deep / 257 + 0.5).astype(np.uint8))
    for name, image, options in [
        ('jpeg', scene, {}), ('jpeg progressive', scene, {'progressive': True}), ('jpeg gray', scene.convert('L'), {}),
        ('jpeg full chroma', scene, {'subsampling': 0, 'quality': 95}), ('jpeg cmyk', scene.convert('CMYK'), {'quality': 95}),
    ]:
        data = encode(image, 'JPEG', **options)
        add(name, data, decoded(data), tolerance=2)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encode(scene, 'JPEG', exif=exif)
        upright = np.asarray(scene.transpose({
            2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
            5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_90}[orientation])) if orientation > 1 else smooth
        add(f'jpeg exif {orientation}', data, upright, tolerance=24)
    for name, image, options in [
        ('webp lossy', scene, {'quality': 90}), ('webp lossless', rgb, {'lossless': True}),
    ]:
        data = encode(image, 'WEBP', **options)
        add(name, data, decoded(data), tolerance=0 if 'less' in name else 2)
    data = encode(alpha, 'WEBP', lossless=True, exact=True)
    add('webp alpha', data, on_white(alpha))
    other = {
        'webp animated': encode(scene, 'WEBP', save_all=True, append_images=[scene.rotate(90)]),
        'gif': encode(indexed, 'GIF'), 'bmp': encode(rgb, 'BMP'), 'tiff': encode(rgb, 'TIFF'),
    }
    write('pictures.json', {'pictures': cases, 'other': {name: b64(data) for name, data in other.items()}})


if __name__ == '__main__':
    colormaps()
    imgify_cases()
    gridify_cases()
    bounds_cases()
    norm_cases()
    picture_cases()
