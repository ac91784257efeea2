/// What an `environments/<name>.yaml` says: where and how to serve.
package struct EnvironmentDeclaration: Hashable, Codable, Sendable {
    package enum Target: String, Codable, Sendable, CaseIterable { case local }

    package var name: EnvironmentName
    package var description: String
    package var target: Target
    /// Address and port that the gateway listens on: `127.0.0.1:8501`.
    package var gatewayListen: String
    /// How many earlier versions stay loaded, so that a revert is a pointer switch.
    package var keepResident: Int

    package init(
        name: EnvironmentName, description: String = "", target: Target = .local,
        gatewayListen: String = "127.0.0.1:8501", keepResident: Int = 1
    ) {
        self.name = name
        self.description = description
        self.target = target
        self.gatewayListen = gatewayListen
        self.keepResident = keepResident
    }
}
