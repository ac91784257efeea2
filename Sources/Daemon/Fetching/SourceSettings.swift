import Domain

/// From where data may be fetched: one of `sources` in `config.json`.
///
/// Nothing is read that lies below no prefix, so that a commit can point the daemon, and its
/// keys, to nothing that the operator has not named.
package struct SourceSettings: Hashable, Codable, Sendable {
    /// `s3://bucket/…`, `https://host/…`, `http://host/…` or `file:///folder/`.
    package var prefix: String
    /// S3: scheme and host of the store; nil: Amazon's, of the region.
    package var endpoint: String?
    /// S3: nil is `us-east-1`, which stores of one's own take.
    package var region: String?
    /// S3: where the two parts of the key are; neither: requests are not signed.
    package var accessKeyFile: String?
    package var accessKeyEnvironment: String?
    package var secretKeyFile: String?
    package var secretKeyEnvironment: String?
    /// Certificates (PEM) that are trusted besides the system's.
    package var authoritiesFile: String?

    package init(
        prefix: String, endpoint: String? = nil, region: String? = nil,
        accessKeyFile: String? = nil, accessKeyEnvironment: String? = nil,
        secretKeyFile: String? = nil, secretKeyEnvironment: String? = nil,
        authoritiesFile: String? = nil
    ) {
        self.prefix = prefix
        self.endpoint = endpoint
        self.region = region
        self.accessKeyFile = accessKeyFile
        self.accessKeyEnvironment = accessKeyEnvironment
        self.secretKeyFile = secretKeyFile
        self.secretKeyEnvironment = secretKeyEnvironment
        self.authoritiesFile = authoritiesFile
    }

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case prefix, endpoint, region, accessKeyFile, accessKeyEnvironment, secretKeyFile
        case secretKeyEnvironment, authoritiesFile
    }

    package init(from decoder: any Decoder) throws {
        try requireKnownKeys(CodingKeys.self, decoder)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        prefix = try values.decode(String.self, forKey: .prefix)
        endpoint = try values.decodeIfPresent(String.self, forKey: .endpoint)
        region = try values.decodeIfPresent(String.self, forKey: .region)
        accessKeyFile = try values.decodeIfPresent(String.self, forKey: .accessKeyFile)
        accessKeyEnvironment = try values.decodeIfPresent(
            String.self, forKey: .accessKeyEnvironment)
        secretKeyFile = try values.decodeIfPresent(String.self, forKey: .secretKeyFile)
        secretKeyEnvironment = try values.decodeIfPresent(
            String.self, forKey: .secretKeyEnvironment)
        authoritiesFile = try values.decodeIfPresent(String.self, forKey: .authoritiesFile)
    }

    /// Keys that mean something for an object store alone, by name.
    var storeKeys: [(name: String, value: String?)] {
        [
            ("endpoint", endpoint), ("region", region), ("accessKeyFile", accessKeyFile),
            ("accessKeyEnvironment", accessKeyEnvironment), ("secretKeyFile", secretKeyFile),
            ("secretKeyEnvironment", secretKeyEnvironment),
        ]
    }
}
