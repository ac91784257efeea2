import Domain

extension DatasetDecoder {
    /// nil: the shape says what is missing.
    func resizing(_ node: YAMLNode) -> PictureResizing? {
        guard let width = node["width"]?.integer, let height = node["height"]?.integer else {
            return nil
        }
        return PictureResizing(
            width: width, height: height,
            fit: node["fit"]?.text.flatMap(PictureResizing.Fit.init) ?? .contain,
            filter: node["filter"]?.text.flatMap(PictureResizing.Filter.init) ?? .lanczos)
    }

    mutating func pictures(_ node: YAMLNode) -> PictureConversion {
        let found = PictureConversion(
            format: node["format"]?.text.flatMap(PictureConversion.Format.init),
            mode: node["mode"]?.text.flatMap(PictureConversion.Mode.init),
            quality: node["quality"]?.integer ?? 90)
        if node["format"] == nil, node["mode"] == nil {
            report(
                node, "`convert_images` says nothing to do", hint: "{format: png, mode: RGB}")
        }
        if let quality = node["quality"], found.format == .png {
            report(quality, "`quality` needs `format: jpeg`")
        }
        if let mode = node["mode"], found.format == .jpeg, found.mode == .rgba {
            report(mode, "JPEG has no transparency", hint: "mode: RGB, or format: png")
        }
        return found
    }
}
