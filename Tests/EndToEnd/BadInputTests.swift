import Domain
import FoundationEssentials
import Host
import Testing

/// Bad input gets one clear error with its place and a hint, and stops nothing else.
@Suite struct BadInputTests {
    @Test(.timeLimit(.minutes(15)))
    func `a repository without slipway.yaml says so, and the next commit mends it`() async throws {
        try await Harbour.use { harbour in
            try await harbour.startDaemon()
            try harbour.file("README.md", "nothing here yet\n")
            try await harbour.push("an empty repository")
            try await harbour.until("the problem is shown") {
                try await harbour.slipway("status").contains("slipway.yaml")
            }
            try harbour.shellRepository()
            try await harbour.push("a model")
            _ = try await harbour.until("shell", .waiting)
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `a model that does not parse stops only itself`() async throws {
        try await Harbour.use { harbour in
            try harbour.shellRepository()
            try harbour.file("models/broken/model.yaml", "steps: {train: [\n")
            try await harbour.startDaemon()
            try await harbour.push("one good and one broken model")
            _ = try await harbour.until("shell", .waiting)
            let broken = try await harbour.until("broken", .broken)
            #expect(broken.diagnostics.first?.place.file == "models/broken/model.yaml")
            #expect(broken.diagnostics.first?.place.line != nil)
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `data that is no table stops its own model, with what it is, and no other`() async throws {
        try await Harbour.use { harbour in
            try harbour.shellRepository()
            let digest = String(repeating: "0", count: 64)
            let files = [
                ("page", "<!DOCTYPE html>\n<title>Sign in</title>\n", "it is a web page"),
                ("pointer", "version https://git-lfs.github.com/spec/v1\n", "git LFS"),
            ]
            try makeLink(at: "\(harbour.clone)/data/out.csv", to: "/etc/hostname")
            for (name, text) in files.map({ ($0.0, Optional($0.1)) }) + [("out", nil)] {
                if let text { try harbour.file("data/\(name).csv", text) }
                try harbour.file(
                    "datasets/\(name).yaml",
                    "files: [{path: data/\(name).csv, sha256: \"\(digest)\"}]\n")
                let model = ShellModel(name: name).yaml
                try harbour.file(
                    "models/\(name)/model.yaml", model.replacing("numbers", with: name))
            }
            try await harbour.startDaemon()
            try await harbour.push("one good and three bad datasets")
            _ = try await harbour.until("shell", .waiting)
            for (name, _, said) in files {
                let failure = try await harbour.until(name, .failed).failure
                let details = failure?.details.map(\.message) ?? []
                #expect(details.contains { $0.contains(said) }, "\(name): \(details)")
            }
            let linked = try await harbour.until("out", .broken)
            #expect(linked.diagnostics.first?.place.file == "models/out/model.yaml")
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `steps that fail say how, with the log one command away`() async throws {
        try await Harbour.use { harbour in
            try await harbour.startDaemon()
            try harbour.shellRepository(ShellModel(train: "no-such-program --now"))
            try await harbour.push("a command that is not there")
            var status = try await harbour.until("shell", .failed)
            #expect(status.failure?.what.contains("train") == true, "\(status)")
            #expect(try await harbour.slipway("logs", "shell/1").contains("no-such-program"))

            try harbour.file("models/shell/model.yaml", ShellModel(train: "true").yaml)
            try await harbour.push("a step that writes nothing")
            status = try await harbour.until("shell", .failed)
            #expect(status.failure?.what.contains("did not write `model`") == true, "\(status)")

            try harbour.file(
                "models/shell/model.yaml",
                ShellModel(
                    evaluate: "printf \"label,guess\\n1,1\\n\" > $SLIPWAY_OUTPUT/predictions.csv"
                ).yaml)
            try await harbour.push("predictions without their column")
            status = try await harbour.until("shell", .failed)
            #expect(status.failure?.what.contains("prediction") == true, "\(status)")

            try harbour.file("models/shell/model.yaml", ShellModel().yaml)
            try await harbour.push("mended")
            _ = try await harbour.until("shell", .waiting)
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `an approval by an unknown key is refused, recorded, and releases nothing`() async throws {
        try await Harbour.use { harbour in
            try harbour.shellRepository()
            try await harbour.startDaemon()
            try await harbour.push("a model")
            _ = try await harbour.until("shell", .waiting)
            try await harbour.run(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(harbour.folder)/other")
            try await harbour.git("config", "user.signingkey", "\(harbour.folder)/other")
            let refused = try await harbour.attempt("approve", "shell", "--message", "me too")
            #expect(refused.status == .exited(5))
            #expect(try await harbour.report("shell").tags.first?.refusal != nil)
            #expect(try await harbour.status("shell").phase == .waiting)
            try await harbour.git("tag", "approve/nothing/like/this")
            try await harbour.git("push", "-q", "origin", "approve/nothing/like/this")
            try await harbour.until("the stray tag is shown") {
                try await harbour.slipway("status").contains("approve/nothing")
            }
            #expect(try await harbour.git("ls-remote", "origin", "refs/tags/shell*") == "")
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `the author of a change cannot approve it`() async throws {
        try await Harbour.use { harbour in
            try await harbour.git("config", "user.email", harbour.reviewer)
            try harbour.shellRepository()
            try await harbour.startDaemon()
            try await harbour.push("a model by the reviewer")
            _ = try await harbour.until("shell", .waiting)
            let refused = try await harbour.attempt("approve", "shell", "--message", "mine")
            #expect(refused.status == .exited(5))
            let tag = try await harbour.report("shell").tags.first
            #expect(tag?.refusal?.contains("cannot approve") == true)
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `a remote that is gone is shown, and work goes on when it is back`() async throws {
        try await Harbour.use { harbour in
            try harbour.shellRepository()
            try await harbour.startDaemon()
            try await harbour.push("a model")
            _ = try await harbour.until("shell", .waiting)
            try renamePath(harbour.bare, to: "\(harbour.bare).away")
            try await harbour.until("the trouble is shown") {
                try await harbour.slipway("status").contains("error")
            }
            try renamePath("\(harbour.bare).away", to: harbour.bare)
            try harbour.file("models/shell/model.yaml", ShellModel(right: 7).yaml)
            try await harbour.push("another model")
            _ = try await harbour.until("shell", .waiting)
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `a port in use names the port and how to change it`() async throws {
        try await Harbour.use { harbour in
            try await harbour.startDaemon()
            let url = try await harbour.attempt("status", "--json")
            #expect(url.status.isSuccess)
            let address = String(
                decoding: try readFile("\(harbour.state)/daemon.json", limitBytes: 10_000),
                as: UTF8.self)
            let port = try #require(address.split(separator: ":").last?.prefix { $0.isNumber })
            let other = "\(harbour.folder)/other"
            try await harbour.slipway(
                "init", "--repository", harbour.bare, "--trust", "\(harbour.folder)/signers",
                "--listen", "127.0.0.1:\(port)", "--state", other)
            let second = try await harbour.attempt("daemon", "--state", other)
            #expect(!second.status.isSuccess)
            #expect(second.errorText.contains("\(port)"), "\(second.errorText)")
            let twin = try await harbour.attempt("daemon")
            #expect(!twin.status.isSuccess && twin.errorText.contains("daemon"))
        }
    }

    @Test(.timeLimit(.minutes(15)))
    func `a full artifact disk is shown, loses nothing, and the run ends once there is room`()
        async throws
    {
        try await Harbour.use { harbour in
            let artifacts = "\(harbour.state)/artifacts"
            try makeFolder(artifacts)
            do {
                try await harbour.run(
                    "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", artifacts)
            } catch {
                try Test.cancel("only root can make a small disk: \(error)")
            }
            do {
                try await fillAndMend(harbour, artifacts)
            } catch {
                try await harbour.stop("daemon")
                try await harbour.run("umount", artifacts)
                throw error
            }
            try await harbour.stop("daemon")
            try await harbour.run("umount", artifacts)
        }
    }

    private func fillAndMend(_ harbour: Harbour, _ artifacts: String) async throws {
        try await harbour.startDaemon()
        var model = ShellModel()
        model.train =
            "mkdir $SLIPWAY_OUTPUT/model && head -c 200000 /dev/urandom "
            + "> $SLIPWAY_OUTPUT/model/weights"
        try harbour.shellRepository(model)
        try await harbour.push("a model that is larger than the disk")
        try await harbour.until("the full disk is shown") {
            try await harbour.slipway("status").contains("No space left")
        }
        try await harbour.run("mount", "-o", "remount,size=10m", artifacts)
        _ = try await harbour.until("shell", .waiting)
        let runs = try harbour.decode(
            [RunView].self, try await harbour.slipway("runs", "shell", "--json"))
        #expect(runs.count == 1)
        #expect(runs.first?.steps.first?.attempt == 1, "the step did not run again")
    }
}
