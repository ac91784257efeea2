import Domain
import Host
import Planning
import Validation

/// What `slipway check` does, by its options; see `CheckCommand`.
struct FilesCheck {
    /// A folder in the clone.
    var path = "."
    /// What is staged is checked, in the working folder's repository.
    var staged = false
    var noData = false
    /// All data is read again.
    var fresh = false
    /// Where reports are also written; nil: nowhere.
    var sarif: String?
    var junit: String?
    /// Findings are printed as JSON.
    var json = false

    /// Says why the options do not fit together; nil: they do.
    var contradiction: String? {
        !staged || path == "." ? nil : "--staged looks at the working folder's repository only."
    }

    func run() async throws {
        let isWrong = staged ? try await report(try await checkStaged()) : try await checkFolder()
        guard !isWrong else { throw Stop(.wrong) }
    }

    /// Says what was found; returns whether something fails.
    private func report(_ findings: Findings) async throws -> Bool {
        if json {
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
    private var wantsReports: Bool { json || sarif != nil || junit != nil }

    /// Before any data is read, because that may take long.
    private func refuseTargets(
        _ plan: RepositoryPlan, root: String, declared: DeclaredFiles
    ) throws(Stop) {
        for (option, file) in [("--sarif", sarif), ("--junit", junit)] {
            guard let file else { continue }
            let target = absolutePath(file)
            try plan.refuse(writing: target, as: option, root: root, declared: declared)
            try refuse(replacing: target, as: option)
        }
    }

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
        let listing = try tree.listing()
        let last = noData || wantsReports ? nil : AnswerMemory(root: tree.root, listing)
        if !fresh, let answer = last?.recall() {
            await say(answer)
            return answer.isWrong
        }
        let declared = DeclaredFiles()
        let plan = try await Planner().plan(files: listing.files) {
            try tree.read(declared.noting($0))
        }
        try refuseTargets(plan, root: tree.root, declared: declared)
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
        let declared = DeclaredFiles()
        let plan = try await Planner().plan(files: files) {
            try await tree.read(declared.noting($0))
        }
        try refuseTargets(plan, root: tree.clone.folder, declared: declared)
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
        await datasets.values.first(where: \.asksForFreshness)?.commitTime(in: folder)
    }
}

extension DatasetManifest {
    /// When the last commit of the folder was made, if a check asks; nil: there is none.
    func commitTime(in folder: String) async -> Instant? {
        // Because a folder without a commit is checked too; its data is as old as it may be.
        guard asksForFreshness, let clone = try? await Clone.find(in: folder),
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
