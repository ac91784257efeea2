import Crypto
import Domain
import FoundationEssentials
import Host

/// The steps of a preparation of pictures, carried out by Pillow in an environment of its own.
///
/// Slipway has decoded every picture before, so that only what is whole and within its limits gets
/// there; the program refuses larger ones than `pixelsMax`, and has a bound on its memory besides.
/// What is written holds pixels and nothing else.
struct PicturePreparation {
    /// More are refused, so that the list of them fits into memory.
    static let picturesMax = 1_000_000
    /// Beyond as many Pillow warns of an attack.
    static let pixelsMax = 89_478_485
    private static let memoryBytesMax = 3 << 30
    private static let deadlineSeconds = 6.0 * 3600
    private static let outputBytesMax = 1 << 20

    let manifest: DatasetManifest
    let preparation: DataPreparation
    let source: DatasetManifest
    let rows: SourceRows
    /// Of the source's files.
    let root: String
    let options: PreparationOptions

    /// A picture, and where it goes below the folder.
    private struct Picture {
        var from: String
        var to: String
    }

    func run(to folder: String) async throws(PreparationError) -> PreparationReport {
        let pictures = try pictures()
        do throws(HostError) { try makeFolder(folder) } catch {
            throw .unwritable(folder, reason: error.description)
        }
        let python = try await python()
        options.progress?(preparation.steps.map(\.name).joined(separator: ", "))
        try await call(python, pictures, folder)
        return try report(pictures, folder)
    }

    // MARK: What goes where

    private func pictures() throws(PreparationError) -> [Picture] {
        var pictures: [Picture] = []
        var taken: [String: String] = [:]
        guard let column = rows.columns.firstIndex(of: "path"), rows.spool.rows <= Self.picturesMax
        else {
            throw whole("there are more than \(Self.picturesMax) pictures", nil)
        }
        try rows.spool.forEach(width: { _ in rows.columns.count }) {
            (row, _) throws(PreparationError) in
            let from = String(decoding: row.text(column), as: UTF8.self)
            let to = target(of: from)
            if let other = taken.updateValue(from, forKey: to) {
                throw whole(
                    "`\(other)` and `\(from)` would both be `\(to)`", "give one another name")
            }
            pictures.append(Picture(from: from, to: to))
        }
        return pictures
    }

    /// As below the entry's folder, with the ending of what it becomes.
    private func target(of path: String) -> String {
        let entry = source.files.first { $0.folder != nil && $0.holds(path) }
        let below =
            entry?.folder.map { String(path.dropFirst($0.isEmpty ? 0 : $0.count + 1)) }
            ?? path.split(separator: "/").last.map(String.init) ?? path
        let name = below.split(separator: "/").last.map(String.init) ?? below
        let ending = name.lastIndex(of: ".").map { name[$0...].lowercased() } ?? ""
        let isJPEG = format == .jpeg || format == nil && [".jpg", ".jpeg"].contains(ending)
        let known = isJPEG ? [".jpg", ".jpeg"] : [".png"]
        guard !known.contains(ending) else { return below }
        return below.dropLast(ending.count) + (isJPEG ? ".jpg" : ".png")
    }

    /// What the last step that says it says.
    private var format: PictureConversion.Format? {
        for step in preparation.steps.reversed() {
            if case .convertImages(let conversion) = step.action, let format = conversion.format {
                return format
            }
        }
        return nil
    }

    // MARK: The program

    private func python() async throws(PreparationError) -> String {
        options.progress?("environment")
        let requirements = Array(PictureLibrary.requirements.utf8)
        do throws(HostError) {
            return try await PythonEnvironment.prepare(
                requirements: requirements,
                digest: Domain.Digest(bytes: SHA256.hash(data: requirements)),
                in: options.environments
            ).binFolder + "/python3"
        } catch {
            var failure = error.failure
            failure.what = "the environment that prepares pictures: \(failure.what)"
            failure.place = preparation.place.description
            failure.hint =
                "it needs Python 3.9 to 3.13 with venv, and \(PictureLibrary.name) "
                + "\(PictureLibrary.version) from pip's index"
            throw .pictures(failure)
        }
    }

    private func call(
        _ python: String, _ pictures: [Picture], _ folder: String
    ) async throws(PreparationError) {
        let input = order(pictures, folder)
        let result: ChildResult
        do throws(HostError) {
            result = try await ChildProcess.run(
                python, ["-I", "-X", "utf8", "-c", pictureProgram],
                environment: ["LC_ALL": "C.UTF-8"], workingFolder: folder, input: input,
                outputLimitBytes: Self.outputBytesMax, deadlineSeconds: Self.deadlineSeconds)
        } catch {
            if case .cancelled = error { throw .validation(.cancelled) }
            throw .pictures(error.failure)
        }
        // Because where it said nothing that can be read, how it ended is all that is known.
        let refusal = try? JSONDecoder().decode(Refusal.self, from: Data(result.output))
        if let refusal, preparation.steps.indices.contains(refusal.step) {
            throw .cell(
                place: Place(file: refusal.path), step: refusal.step + 1,
                name: preparation.steps[refusal.step].name, message: refusal.message,
                hint: "mend the picture, or take it out")
        }
        guard result.status.isSuccess else {
            throw .pictures(
                Failure(
                    "preparing pictures ended with \(result.status): "
                        + oneLine(String(result.errorText.suffix(400)), charactersMax: 400),
                    at: preparation.place.description,
                    hint: "make room on the disk, and memory", .retry(afterSeconds: 300)))
        }
    }

    /// What the program says of a picture that it cannot take.
    private struct Refusal: Decodable {
        var path: String
        var step: Int
        var message: String
    }

    /// One line of JSON that says what to do, then one for each picture.
    private func order(_ pictures: [Picture], _ folder: String) -> [UInt8] {
        let head: [String: JSONValue] = [
            "memory": .integer(Int64(Self.memoryBytesMax)),
            "pixels": .integer(Int64(Self.pixelsMax)), "root": .string(root),
            "steps": .array(preparation.steps.map(words)), "target": .string(folder),
        ]
        let lines = pictures.map { JSONValue.array([.string($0.from), .string($0.to)]) }
        var bytes: [UInt8] = []
        for line in [.object(head)] + lines { bytes += json(line) + [UInt8(ascii: "\n")] }
        return bytes
    }

    private func words(_ step: PreparationStep) -> JSONValue {
        switch step.action {
        case .resizeImages(let it):
            .object([
                "do": .string("resize"), "filter": .string(it.filter.rawValue),
                "fit": .string(it.fit.rawValue), "height": .integer(Int64(it.height)),
                "width": .integer(Int64(it.width)),
            ])
        case .convertImages(let it):
            .object([
                "do": .string("convert"), "mode": it.mode.map { .string($0.rawValue) } ?? .null,
                "quality": .integer(Int64(it.quality)),
            ])
        default: .null
        }
    }

    private func json(_ value: JSONValue) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(value))
        } catch {
            preconditionFailure("an order holds only what JSON can say: \(error)")
        }
    }

    // MARK: What came of it

    private func report(
        _ pictures: [Picture], _ folder: String
    ) throws(PreparationError) -> PreparationReport {
        let target = manifest.files.first?.folder ?? ""
        var files: [(path: String, sha256: Domain.Digest)] = []
        var size = 0
        for picture in pictures {
            do throws(HostError) {
                let bytes = try readFile(
                    "\(folder)/\(picture.to)", limitBytes: ImageLimits.fileBytesMax)
                size += bytes.count
                files.append(
                    (
                        "\(target)/\(picture.to)",
                        Domain.Digest(bytes: SHA256.hash(data: bytes))
                    ))
            } catch {
                throw .unwritable(picture.to, reason: error.description)
            }
        }
        return PreparationReport(
            dataset: manifest.name, source: .init(dataset: source.name, files: rows.files),
            steps: preparation.steps.map { step in
                PreparationReport.Step(
                    name: step.name, rowsIn: pictures.count, rowsOut: pictures.count,
                    cellsChanged: 0,
                    notes: [step.pictureNote, "Pillow \(PictureLibrary.version)"])
            },
            columns: rows.columns, sha256: FileList.digest(files), rows: pictures.count,
            bytes: size, version: DataPreparation.version)
    }

    private func whole(_ message: String, _ hint: String?) -> PreparationError {
        .step(
            place: preparation.place, step: 1, name: preparation.steps[0].name, message: message,
            hint: hint)
    }
}

extension PreparationStep {
    /// What the step does to each picture: `32×32, contain`.
    fileprivate var pictureNote: String {
        switch action {
        case .resizeImages(let it):
            "\(it.width)×\(it.height), \(it.fit.rawValue), \(it.filter.rawValue)"
        case .convertImages(let it):
            [it.format?.rawValue, it.mode?.rawValue].compactMap(\.self).joined(separator: ", ")
        default: ""
        }
    }
}
