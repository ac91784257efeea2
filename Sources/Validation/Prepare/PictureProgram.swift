/// What Pillow is told to do, as a program of Python.
///
/// It reads one line of JSON with the steps, then a line for each picture, and writes the pictures.
/// A picture that it refuses ends it; then it prints which, at which step and why. No library that
/// it uses asks for the time, and what it writes has neither times nor other metadata.
let pictureProgram = #"""
    import json, os, resource, sys, warnings

    head = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_AS, (head["memory"], head["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = head["pixels"]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    FORMATS = ["PNG", "JPEG", "GIF", "BMP", "WEBP"]
    FILTERS = {
        "nearest": Image.Resampling.NEAREST, "box": Image.Resampling.BOX,
        "bilinear": Image.Resampling.BILINEAR, "hamming": Image.Resampling.HAMMING,
        "bicubic": Image.Resampling.BICUBIC, "lanczos": Image.Resampling.LANCZOS,
    }


    class Refused(Exception):
        pass


    def plain(image):
        """The picture in a mode that can be computed with."""
        mode, clear = image.mode, "transparency" in image.info
        if mode in ("L", "RGB") and clear:
            return image.convert("LA" if mode == "L" else "RGBA")
        if mode in ("L", "LA", "RGB", "RGBA"):
            return image
        if mode == "1":
            return image.convert("L")
        if mode in ("P", "PA"):
            return image.convert("RGBA" if clear or mode == "PA" else "RGB")
        if mode == "CMYK":
            return image.convert("RGB")
        raise Refused("a picture of mode %s cannot be prepared without loss" % mode)


    def without_alpha(image, mode):
        if image.mode in ("LA", "RGBA"):
            white = Image.new("RGBA", image.size, (255, 255, 255, 255))
            white.alpha_composite(image.convert("RGBA"))
            image = white
        return image if image.mode == mode else image.convert(mode)


    def resize(image, step):
        size, how = (step["width"], step["height"]), FILTERS[step["filter"]]
        if step["fit"] == "stretch":
            return image.resize(size, how)
        if step["fit"] == "cover":
            return ImageOps.fit(image, size, how)
        small = ImageOps.contain(image, size, how)
        if step["fit"] == "contain":
            return small
        whole = Image.new(small.mode, size, 0)
        whole.paste(small, ((size[0] - small.width) // 2, (size[1] - small.height) // 2))
        return whole


    def convert(image, step):
        if step["mode"] is None:
            return image
        if step["mode"] == "RGBA":
            return image if image.mode == "RGBA" else image.convert("RGBA")
        return without_alpha(image, step["mode"])


    def prepare(source, target, at):
        with Image.open(source, formats=FORMATS) as image:
            if image.format == "GIF" and getattr(image, "n_frames", 1) > 1:
                raise Refused("it has %d frames, and one can be prepared" % image.n_frames)
            if image.format == "WEBP" and getattr(image, "n_frames", 1) > 1:
                raise Refused("it has %d frames, and one can be prepared" % image.n_frames)
            image.load()
            image = plain(ImageOps.exif_transpose(image))
        quality = 90
        for number, step in enumerate(head["steps"]):
            at[0] = number
            if step["do"] == "resize":
                image = resize(image, step)
            else:
                image = convert(image, step)
                quality = step["quality"]
        image.info = {}
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "xb") as file:
            if target.endswith((".jpg", ".jpeg", ".JPG", ".JPEG")):
                if image.mode not in ("L", "RGB"):
                    image = without_alpha(image, "L" if image.mode == "LA" else "RGB")
                image.save(file, "JPEG", quality=quality, subsampling=2, optimize=False)
            else:
                image.save(file, "PNG", compress_level=6)


    for line in sys.stdin.buffer:
        source, target = json.loads(line)
        at = [0]
        try:
            prepare(os.path.join(head["root"], source), os.path.join(head["target"], target), at)
        except OSError as error:
            if error.errno is not None:
                raise
            problem = str(error)
        except (Refused, ValueError, SyntaxError, MemoryError,
                Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            problem = str(error) or type(error).__name__
        else:
            continue
        print(json.dumps({"path": source, "step": at[0], "message": problem}))
        sys.exit(1)
    """#
