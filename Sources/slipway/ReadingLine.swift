import Domain
import Host
import Validation

/// Says on a terminal, in one line, how far the reading of data is; elsewhere nothing.
struct ReadingLine: Sendable {
    /// Because what takes less needs no line.
    private static let quietSeconds = 0.5
    private static let pauseSeconds = 0.2

    let progress: ReadingProgress
    /// The files together; 0: that is not known.
    private let bytesTotal: Int

    /// - Parameter manifests: whose files are to be read; what is not there counts nothing.
    init(_ manifests: [DatasetManifest], root: String) {
        var (bytes, work, isKnown) = (0, 0, true)
        for manifest in manifests {
            for file in manifest.files {
                isKnown = isKnown && file.folder == nil
                let size = fileSize("\(root)/\(file.path)") ?? 0
                bytes += size
                // Because such a file is read for its digest and once more for its columns.
                work += manifest.format.isTyped ? size * 2 : size
            }
        }
        bytesTotal = isKnown ? bytes : 0
        progress = ReadingProgress(bytesTotal: isKnown ? work : 0)
    }

    /// Runs what reads, with the line below it.
    func around<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        guard Console.talksToTerminal else { return try await body() }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await draw() }
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            group.cancelAll()
            try await group.waitForAll()
            return try result.get()
        }
    }

    private func draw() async {
        let began = ContinuousClock.now
        var isDrawn = false
        // Because being cancelled is how it ends.
        while (try? await Task.sleep(for: .seconds(Self.pauseSeconds))) != nil {
            let seconds = (ContinuousClock.now - began) / .seconds(1)
            guard seconds >= Self.quietSeconds, progress.bytes > 0 else { continue }
            let width = environmentVariable("COLUMNS").flatMap { Int($0) } ?? 80
            await Console.redraw(String(text(after: seconds).prefix(max(20, width - 1))))
            isDrawn = true
        }
        if isDrawn { await Console.redraw("") }
    }

    /// `reading: 3,120,448 rows, 31 %, 0.24 GB/s, 3 s left`
    func text(after seconds: Double) -> String {
        var parts = ["\(grouped(progress.rows)) rows"]
        // Because what is known need not be read.
        let work = Double(max(0, progress.bytesTotal - progress.bytesLeftOut))
        let done = Double(progress.bytes)
        let share = work > 0 ? min(1, done / work) : nil
        if let share { parts.append("\(Int(share * 100)) %") }
        let size = Double(bytesTotal) / Double(max(1, progress.bytesTotal))
        let bytes = share.map { $0 * work * size } ?? done
        let speed = Int((bytes / max(seconds, 0.001) / 1e7).rounded())
        parts.append("\(speed / 100).\(speed % 100 < 10 ? "0" : "")\(speed % 100) GB/s")
        if progress.filesKnown > 0 {
            let all = progress.filesRead + progress.filesKnown
            parts.append("\(progress.filesRead) of \(all) files read")
        }
        if let share, share > 0, share < 1 {
            parts.append("\(duration((seconds / share * (1 - share)).rounded(.up))) left")
        }
        return "reading: " + parts.joined(separator: ", ")
    }

    private func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
