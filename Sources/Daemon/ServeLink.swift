package import Domain
import FoundationEssentials
import Host

/// Talks to the `slipway serve` of an environment on this machine, over its socket.
package struct ServeLink: Sendable {
    private let socket: String
    private let environment: EnvironmentName

    package init(_ folder: StateFolder, _ environment: EnvironmentName) {
        socket = folder.serveSocket(environment)
        self.environment = environment
    }

    /// Tells it to look at its branch now. A hint: it would look by itself a little later.
    package func wake() async {
        // Because serve may run elsewhere or be down; it follows the branch all the same.
        _ = try? await askSocket(
            socket, Array("wake".utf8), answerLimitBytes: 1 << 10, deadlineSeconds: 0.2)
    }

    /// What the environment really serves.
    package func live() async -> Result<[LiveModel], Failure> {
        do {
            let answer = try await askSocket(
                socket, Array("status".utf8), answerLimitBytes: 1 << 22, deadlineSeconds: 2)
            return .success(try decodeJSON([LiveModel].self, answer))
        } catch {
            return .failure(
                Failure(
                    "no `slipway serve` of \(environment) answers on this machine", at: socket,
                    hint: "slipway serve --environment \(environment)",
                    .retry(afterSeconds: 5)))
        }
    }
}
