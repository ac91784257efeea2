import Domain

/// The predicate of SLSA provenance v1: from what and how a version was made.
///
/// Source: slsa-framework/slsa, `docs/spec/v1.1/provenance.md`.
package struct BuildProvenance: Hashable, Encodable, Sendable {
    package static let type = "https://slsa.dev/provenance/v1"
    /// The steps of `models/<model>/model.yaml` at the commit; `docs/step-contract.md`.
    package static let buildType = "urn:slipway:build:steps:v1"

    package struct BuildDefinition: Hashable, Encodable, Sendable {
        package var buildType: String
        /// `repository`, `ref`, `path`: what somebody outside chose.
        package var externalParameters: [String: String]
        /// `candidate`, `run`.
        package var internalParameters: [String: String]
        package var resolvedDependencies: [ResourceDescriptor]
    }

    package struct Builder: Hashable, Encodable, Sendable {
        package var id: String
        package var version: [String: String]?
    }

    package struct Metadata: Hashable, Encodable, Sendable {
        package var invocationId: String
        package var startedOn: String?
        package var finishedOn: String
    }

    package struct RunDetails: Hashable, Encodable, Sendable {
        package var builder: Builder
        package var metadata: Metadata
        package var byproducts: [ResourceDescriptor]
    }

    package var buildDefinition: BuildDefinition
    package var runDetails: RunDetails
}

extension VersionFacts {
    /// How the version was made.
    package var buildStatement: Statement<BuildProvenance> {
        let run = RunID(model: model, number: judgement.run)
        let definition = BuildProvenance.BuildDefinition(
            buildType: BuildProvenance.buildType,
            externalParameters: [
                "repository": setting.repository, "ref": setting.ref, "path": "models/\(model)",
            ],
            internalParameters: [
                "candidate": release.candidate.hex, "run": run.description,
            ],
            resolvedDependencies: dependencies)
        let details = BuildProvenance.RunDetails(
            builder: .init(
                id: setting.builder,
                version: setting.builderVersion.isEmpty ? nil : setting.builderVersion),
            metadata: .init(
                invocationId: "\(setting.repository)#\(run)",
                startedOn: startedAt.map(timestamp), finishedOn: timestamp(judgedAt)),
            byproducts: byproducts + setting.byproducts)
        return Statement(
            subject: subject, predicateType: BuildProvenance.type,
            predicate: BuildProvenance(buildDefinition: definition, runDetails: details))
    }

    /// The commit, then the datasets by name. A dataset's digest is that of `docs/formats.md`,
    /// over its files' digests: no plain file has it, so it has an algorithm's name of its own.
    private var dependencies: [ResourceDescriptor] {
        let commit = ResourceDescriptor(
            uri: "git+\(setting.repository)@\(escaped(setting.ref))",
            digest: ["gitCommit": release.commit.hex])
        return [commit]
            + release.datasets.sorted { $0.key < $1.key }.map { name, digest in
                ResourceDescriptor(
                    name: "dataset \(name)", uri: file("datasets/\(name).yaml"),
                    digest: ["slipwayDatasetV1": digest.hex])
            } + (judgement.lineage ?? []).flatMap(materials)
    }

    /// The bytes of a prepared dataset, and the files that it was made of.
    private func materials(_ made: DataLineage) -> [ResourceDescriptor] {
        [
            ResourceDescriptor(
                name: "prepared rows of dataset \(made.title)",
                uri: file("datasets/\(made.dataset).yaml"), digest: ["sha256": made.sha256.hex])
        ]
            + made.sourceFiles.map { source in
                ResourceDescriptor(
                    name: "source of dataset \(made.dataset)", uri: file(source.path),
                    digest: ["sha256": source.sha256.hex])
            }
    }

    private var byproducts: [ResourceDescriptor] {
        [
            ResourceDescriptor(
                name: "validation reports", digest: ["sha256": evidence.validation.hex],
                mediaType: "application/json"),
            ResourceDescriptor(
                name: "evaluation report", digest: ["sha256": evidence.evaluation.hex],
                mediaType: "application/json"),
        ]
    }
}
