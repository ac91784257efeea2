import Daemon
import Domain
import Git
import Host
import NIOCore
import NIOPosix
import Review

extension Examination {
    /// What `slipway init` made, and what runs on it.
    mutating func installation() async {
        guard exists(folder.configuration) else {
            return add(
                .warn, "configuration", "there is none in \(folder.path)",
                "slipway init --repository PATH --trust FILE, on the machine of the daemon")
        }
        do throws(Failure) {
            let configuration = try DaemonConfiguration(stateFolder: folder.path)
            add(.ok, "configuration", folder.configuration)
            trust()
            await repository(configuration.repository)
            await daemon(configuration)
        } catch {
            add(.fail, "configuration", error.what, error.hint)
        }
        servers()
    }

    private mutating func trust() {
        do throws(HostError) {
            let bytes = try readFile(folder.signers, limitBytes: 4 << 20)
            let (signers, problems) = AllowedSigners.parsing(
                String(decoding: bytes, as: UTF8.self), file: folder.signers)
            for problem in problems {
                add(.warn, "trust", "\(problem.place): \(problem.message)", problem.hint)
            }
            let gpg = try gpgPrincipals()
            guard signers.trustsSomebody || !gpg.isEmpty else {
                return add(
                    .fail, "trust", "nobody in \(folder.signers) could approve anything",
                    "slipway init --force --trust FILE, one line each: "
                        + "ada@example.org namespaces=\"git\" ssh-ed25519 AAAA…")
            }
            let people = Set(signers.principals).union(gpg).count
            add(
                .ok, "trust",
                people == 0
                    ? "whoever an authority vouches for may sign"
                    : "\(count(people, "principal")) may sign")
        } catch {
            add(.fail, "trust", error.failure.what, "slipway init --force --trust FILE")
        }
    }

    /// Whom `trust/gpg_signers` names.
    private func gpgPrincipals() throws(HostError) -> [Principal] {
        let path = folder.gpgSigners
        guard exists(path) else { return [] }
        let text = String(decoding: try readFile(path, limitBytes: 4 << 20), as: UTF8.self)
        return Array(GPGSigners.parsing(text, file: path).value.principals.values)
    }

    private mutating func repository(_ location: String) async {
        let hint = "git ls-remote \(location)"
        do {
            let result = try await gitRunner()(["ls-remote", "--quiet", "--", location], 30)
            if result.status.isSuccess {
                add(.ok, "repository", location)
            } else {
                add(.fail, "repository", lastWords(result.errorText), hint)
            }
        } catch {
            add(.fail, "repository", words(for: error).what, hint)
        }
    }

    private mutating func daemon(_ configuration: DaemonConfiguration) async {
        if let address = ProcessAddress(file: folder.daemonAddress),
            // Because a daemon that was killed leaves its address behind.
            let client = try? APIClient(url: address.url),
            (try? await client.get("/healthz")) != nil
        {
            return add(.ok, "daemon", "\(address.url), process \(address.pid)")
        }
        do {
            let listen = try ListenAddress(configuration.listen)
            let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
                .bind(host: listen.host, port: listen.port).get()
            try await listener.close()
            add(.warn, "daemon", "not running", "slipway daemon")
        } catch {
            add(
                .fail, "daemon", "not running, and \(configuration.listen) cannot be listened on",
                "another process has the port: slipway init --force --listen HOST:PORT")
        }
    }

    private mutating func servers() {
        // Because a folder that cannot be listed has been reported above.
        let names = (try? namesIn(folder.path)) ?? []
        let environments = names.compactMap { name -> EnvironmentName? in
            guard name.hasPrefix("serve-"), exists("\(folder.path)/\(name)/serve.lock") else {
                return nil
            }
            return EnvironmentName(String(name.dropFirst("serve-".count)))
        }
        for environment in environments {
            let address = ProcessAddress(file: folder.serveAddress(environment))
            let runs = FileLock.isHeld("\(folder.path)/serve-\(environment)/serve.lock")
            let place = address.map { "\($0.url), process \($0.pid)" }
            add(
                runs ? .ok : .warn, "serve \(environment)",
                runs ? place ?? "waits for its first deployment" : "not running",
                runs ? nil : "slipway serve --environment \(environment)")
        }
        if environments.isEmpty {
            add(
                .warn, "serve", "no environment is served on this machine",
                "slipway serve --environment production")
        }
    }
}
