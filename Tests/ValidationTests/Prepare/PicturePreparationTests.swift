import Domain
import FoundationEssentials
import Host
import Testing

@testable import Validation

/// Pictures that are resized and converted, by a real Pillow from pip's index.
struct PicturePreparationTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// A dataset of copies of the fixtures, by the path that each gets.
    private func pictures(_ names: [String: String]) throws -> DatasetManifest {
        var files: [(path: String, sha256: Digest)] = []
        for (path, name) in names {
            try makeFolder(parentFolder("\(folder.path)/data/\(path)"))
            let file = try folder.add("data/\(path)", bytes: ImageReadingTests.bytes(name))
            files.append((file.path, file.sha256))
        }
        var made = manifest([entry("data/**", digest: FileList.digest(files))], format: .images)
        made.name = DatasetName(checked: "scans")
        return made
    }

    private func prepare(
        _ raw: DatasetManifest, _ actions: [PreparationStep.Action], to target: String
    ) async throws -> PreparationReport {
        var made = raw
        made.name = DatasetName(checked: "small")
        made.preparation = DataPreparation(
            source: .manifest(raw),
            steps: actions.map { PreparationStep($0, place: Place(file: "datasets/small.yaml")) },
            place: Place(file: "datasets/small.yaml", line: 2))
        made.files = [
            entry(DatasetManifest.preparedPath(of: made.name, .images))
        ]
        return try await Validation.prepare(
            made, root: folder.path, to: "\(folder.path)/\(target)",
            options: PreparationOptions(
                validation: ValidationOptions(spillFolder: folder.path),
                environments: "\(folder.path)/environments"))
    }

    private func facts(_ path: String) throws -> ImageFacts? {
        ImageReading(try readFile("\(folder.path)/\(path)", limitBytes: 1 << 20)).facts
    }

    private func listing(_ target: String) throws -> [String: [UInt8]] {
        try walk("\(folder.path)/\(target)").filter { $0.kind == .file }.reduce(into: [:]) {
            $0[$1.path] = try readFile("\(folder.path)/\(target)/\($1.path)", limitBytes: 1 << 20)
        }
    }

    @Test(.timeLimit(.minutes(10)))
    func `pictures become of one size and format, with the same bytes every time`() async throws {
        let raw = try pictures([
            "cats/a.png": "rgba.png", "cats/b.JPG": "base420.jpg", "dogs/c.gif": "picture.gif",
            "dogs/old/d.bmp": "palette.bmp", "e.png": "gray_alpha.png", "f.webp": "lossy.webp",
            "g.jpg": "cmyk.jpg",
        ])
        let resize = PictureResizing(width: 12, height: 10, fit: .pad)
        let png = PictureConversion(format: .png, mode: .rgb)
        let first = try await prepare(
            raw, [.resizeImages(resize), .convertImages(png)], to: "first")
        let made = try listing("first")
        #expect(
            made.keys.sorted() == [
                "cats/a.png", "cats/b.png", "dogs/c.png", "dogs/old/d.png", "e.png", "f.png",
                "g.png",
            ])
        for path in made.keys {
            let found = try #require(try facts("first/\(path)"))
            #expect(found.width == 12 && found.height == 10 && found.mode == "RGB", "\(path)")
            #expect(found.format == .png)
        }
        #expect(first.rows == 7 && first.bytes == made.values.reduce(0) { $0 + $1.count })
        #expect(first.source.dataset.text == "scans")
        #expect(first.steps.map(\.name) == ["resize_images", "convert_images"])
        #expect(first.steps[0].notes == ["12×10, pad, lanczos", "Pillow 11.0.0"])
        let again = try await prepare(
            raw, [.resizeImages(resize), .convertImages(png)], to: "again")
        #expect(again == first)
        #expect(try listing("again") == made)

        // Without a format JPEG stays; what the shape leaves over is cut off.
        let cover = try await prepare(
            raw, [.resizeImages(PictureResizing(width: 9, height: 9, fit: .cover))], to: "cover")
        #expect(cover.sha256 != first.sha256)
        #expect(try facts("cover/cats/b.JPG")?.format == .jpeg)
        #expect(try facts("cover/cats/a.png")?.mode == "RGBA", "what was transparent still is")

        let gray = try pictures(["a.png": "gray16.png"])
        await #expect(
            throws: PreparationError.cell(
                place: Place(file: "data/a.png"), step: 1, name: "convert_images",
                message: "a picture of mode I;16 cannot be prepared without loss",
                hint: "mend the picture, or take it out")
        ) {
            try removeTree("\(folder.path)/data")
            _ = try pictures(["a.png": "gray16.png"])
            _ = try await prepare(gray, [.convertImages(png)], to: "gray")
        }
    }

    @Test func `what is damaged, too large or would be called the same is refused before`()
        async throws
    {
        let png = PictureConversion(format: .png)
        let same = try pictures(["a.jpg": "base420.jpg", "a.gif": "picture.gif"])
        await #expect(throws: PreparationError.self) {
            _ = try await prepare(same, [.convertImages(png)], to: "same")
        }
        #expect(!exists("\(folder.path)/same"), "nothing was run")
        try removeTree("\(folder.path)/data")
        try makeFolder("\(folder.path)/data")
        let cut = Array(try ImageReadingTests.bytes("rgb.png").dropLast(20))
        let file = try folder.add("data/cut.png", bytes: cut)
        let damaged = manifest(
            [entry("data/**", digest: FileList.digest([(file.path, file.sha256)]))],
            format: .images)
        do throws(any Error) {
            _ = try await prepare(damaged, [.convertImages(png)], to: "cut")
            Issue.record("a damaged picture was prepared")
        } catch PreparationError.source(_, let problems) {
            #expect(problems.first?.place.file == "data/cut.png", "\(problems)")
        }
    }
}
