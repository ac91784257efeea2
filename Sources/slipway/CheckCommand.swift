import ArgumentParser
import Domain
import Host
import Planning
import Validation

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the files before they are committed.",
        discussion: """
            Reads slipway.yaml, models, datasets and environments, and validates the data against \
            its manifests. Each finding names file, line and column; what is wrong with data \
            stands in a table, the worst first. Exit code 1 means errors; warnings alone are none. \
            Data that is kept elsewhere is checked where the folder has it, and counted otherwise. \
            Data that has not changed since the last check is not read again; of a dataset of many \
            files only those are that are new.

            Example:
              slipway check
              slipway check --no-data path/to/clone
              slipway check --sarif slipway.sarif --junit slipway.xml
            """)

    @Argument(help: "A folder in the clone.")
    var path = "."

    @Flag(help: "Check what is staged, and the data that the commit changes; for pre-commit.")
    var staged = false

    @Flag(help: "Do not read the data.")
    var noData = false

    @Flag(help: "Read all data again, also what has not changed since it was last checked.")
    var fresh = false

    @Option(help: "Also write SARIF 2.1.0 here, for code hosts.")
    var sarif: String?

    @Option(help: "Also write JUnit XML here, for CI systems.")
    var junit: String?

    @OptionGroup var format: JSONOption

    func validate() throws {
        guard !staged || path == "." else {
            throw ValidationError("--staged looks at the working folder's repository only.")
        }
    }

    func run() async throws {
        let isWrong = staged ? try await report(try await checkStaged()) : try await checkFolder()
        guard !isWrong else { throw Stop(.wrong) }
    }

    /// Says what was found; returns whether something fails.
    private func report(_ findings: Findings) async throws -> Bool {
        if format.json {
            await Console.put(bytes: try compactJSON(findings))
        } else {
            await say(findings.answer)
        }
        try write(findings)
        return findings.errors > 0
    }

    private func say(_ answer: CheckAnswer) async {
        await Console.put(answer.output)
        await Console.say(answer.talk)
    }

    /// Somebody wants more than the text for people.
    private var wantsReports: Bool { format.json || sarif != nil || junit != nil }

    private func write(_ findings: Findings) throws {
        if let sarif {
            try writeFileAtomically(
                absolutePath(sarif), compactJSON(SARIFLog(findings.results)))
        }
        if let junit {
            let text = JUnitReport(findings.results).text
            try writeFileAtomically(absolutePath(junit), Array(text.utf8))
        }
    }

    /// Whether something fails; what it is has been said.
    private func checkFolder() async throws -> Bool {
        let tree = try await WorkingTree(at: path)
        let listing = try await tree.listing()
        let last = noData || wantsReports ? nil : AnswerMemory(root: tree.root, listing)
        if !fresh, let answer = last?.recall() {
            await say(answer)
            return answer.isWrong
        }
        let plan = try await Planner().plan(files: listing.files) { try tree.read($0) }
        var findings = Findings(
            plan, memory: CheckMemory(root: tree.root, plan.datasets, isFresh: fresh),
            parts: CheckCache.parts(isFresh: fresh), keepsReports: wantsReports)
        if noData {
            findings.requireFiles(plan) { exists("\(tree.root)/\($0)") }
            return try await report(findings)
        }
        findings.moment = await plan.commitTime(in: tree.root)
        try await findings.check(Array(plan.datasets.values), root: tree.root)
        // Because which time zones there are is not for a folder to say.
        if findings.isSettled, plan.schedules.isEmpty {
            last?.keep(findings.lastingAnswer, besides: findings.dataPaths)
        }
        return try await report(findings)
    }

    private func checkStaged() async throws -> Findings {
        let tree = try await StagedTree()
        let files = try await tree.files()
        let plan = try await Planner().plan(files: files) { try await tree.read($0) }
        var findings = Findings(plan, parts: CheckCache.parts(isFresh: fresh))
        let present = Set(files.map(\.path))
        if noData {
            findings.requireFiles(plan, present.contains)
            return findings
        }
        let changed = try await tree.changedPaths()
        let touched = plan.withComparing(
            plan.datasets.values.filter { manifest in
                !changed.isDisjoint(with: [manifest.path] + manifest.sourcePaths)
                    || manifest.rawFiles.contains { $0.isTouched(by: changed) }
            })
        guard !touched.isEmpty else { return findings }
        let parent = environmentVariable("TMPDIR") ?? "/tmp"
        let folder = try temporaryFolder(in: parent, prefix: "slipway-check")
        do {
            let paths = plan.withCompared(touched).flatMap(\.rawFiles).flatMap { file in
                file.folder != nil
                    ? present.filter(file.holds) : present.contains(file.path) ? [file.path] : []
            }
            try await tree.write(paths, into: folder)
            findings.moment = await plan.commitTime(in: tree.clone.folder)
            try await findings.check(touched, root: folder)
        } catch {
            try removeTree(folder)
            throw error
        }
        try removeTree(folder)
        return findings
    }
}

extension RepositoryPlan {
    /// When the last commit of the folder was made, if a check asks; nil: there is none.
    fileprivate func commitTime(in folder: String) async -> Instant? {
        guard datasets.values.contains(where: \.asksForFreshness) else { return nil }
        // Because a folder without a commit is checked too; its data is as old as it may be.
        guard let clone = try? await Clone.find(in: folder),
            let text = try? await clone.git("log", "-1", "--format=%ct"), let seconds = Int64(text)
        else { return nil }
        return Instant(seconds: seconds)
    }
}

extension DatasetFile {
    /// Whether one of these paths is that of its bytes, or of what tells its digest.
    func isTouched(by paths: Set<String>) -> Bool {
        paths.contains(path) || paths.contains(digestPlace.file)
            || folder != nil && paths.contains(where: holds)
    }
}
