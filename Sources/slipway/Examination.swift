import Daemon
import Domain
import Git
import Host

/// Looks at this machine and at what is installed on it, one finding after the other.
struct Examination {
    let folder: StateFolder
    private(set) var findings: [DoctorFinding] = []

    init(folder: StateFolder) { self.folder = folder }

    mutating func add(
        _ health: DoctorFinding.Health, _ subject: String, _ message: String, _ hint: String? = nil
    ) {
        findings.append(
            DoctorFinding(health: health, subject: subject, message: message, hint: hint))
    }

    /// The programs that Slipway runs.
    mutating func tools() async {
        if let version = await words("git", ["--version"])?.split(separator: " ").last {
            let isOld = version.split(separator: ".").compactMap { Int($0) }
                .lexicographicallyPrecedes([2, 34])
            add(
                isOld ? .fail : .ok, "git", String(version),
                isOld ? "signed tags with SSH keys need git 2.34 or newer" : nil)
        } else {
            add(.fail, "git", "not found", "apt-get install git")
        }
        do throws(HostError) {
            add(.ok, "ssh-keygen", try findExecutable("ssh-keygen"))
        } catch {
            add(.fail, "ssh-keygen", "not found", "apt-get install openssh-client")
        }
        await python()
        do throws(GitError) {
            // Because opening anything opens libgit2 and compares its version with our headers'.
            _ = try Repository(path: "/nonexistent")
        } catch .libraryMissing(let reason) {
            add(.fail, "libgit2", reason, "apt-get install libgit2-dev")
        } catch .libraryMismatch(let built, let running) {
            add(.fail, "libgit2", "\(running) runs, built with \(built)", "make build")
        } catch {
            add(.ok, "libgit2", "as built")
        }
    }

    private mutating func python() async {
        do throws(HostError) {
            let interpreter = try await PythonInterpreter.find()
            add(.ok, "python3", "\(interpreter.version), \(interpreter.path)")
            let modules = ["-c", "import venv, ensurepip"]
            if await words(interpreter.path, modules) == nil {
                add(
                    .fail, "venv", "python3 cannot make virtual environments",
                    "apt-get install python3-venv")
            } else {
                add(.ok, "venv", "there")
            }
        } catch {
            add(
                .fail, "python3", error.failure.what,
                error.failure.hint ?? "apt-get install python3 python3-venv")
        }
    }

    /// What the kernel and the disk allow.
    mutating func machine() async {
        let probe = "slipway-doctor-\(ProcessIdentity.own.pid)"
        if let cage = MemoryCage.make(name: probe, limitBytes: 64 << 20) {
            let kind = cage.entryFile.hasPrefix("/sys/fs/cgroup/memory") ? "v1" : "v2"
            cage.remove()
            add(.ok, "memory limits", "kept by the kernel, cgroup \(kind)")
        } else {
            add(
                .warn, "memory limits", "no cgroup can be written, so memory is sampled",
                "run the daemon as a systemd service with Delegate=yes")
        }
        guard exists(folder.path) else {
            return add(.ok, "state folder", "\(folder.path), not made yet; slipway init does")
        }
        do throws(HostError) {
            let probe = try temporaryFolder(in: folder.path, prefix: "doctor")
            try removeTree(probe)
            add(.ok, "state folder", folder.path)
        } catch {
            add(
                .fail, "state folder", error.failure.what,
                "choose another one with --state or SLIPWAY_STATE")
        }
    }

    /// The first line that a program prints; nil when it fails.
    private func words(_ program: String, _ arguments: [String]) async -> String? {
        // Because a program that cannot be run is missing, whatever the reason.
        let result = try? await ChildProcess.run(
            program, arguments, outputLimitBytes: 1 << 16, deadlineSeconds: 20)
        guard let result, result.status.isSuccess else { return nil }
        return result.outputText.split(separator: "\n").first.map(String.init) ?? ""
    }
}
