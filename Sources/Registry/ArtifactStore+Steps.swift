package import Domain
import FoundationEssentials
import Host

extension ArtifactStore {
    private static let recordBytesMax = 1 << 26

    private func recordPath(_ fingerprint: Fingerprint) -> String {
        "\(folder)/steps/\(fingerprint).json"
    }

    /// Returns what the step of this fingerprint produced, if all of it is still there.
    ///
    /// nil means that the step must run: there is no record, it cannot be read as one, or one of
    /// its objects is gone.
    package func look(_ fingerprint: Fingerprint) throws(RegistryError) -> StepRecord? {
        let path = recordPath(fingerprint)
        guard exists(path) else { return nil }
        let bytes = try onDisk { () throws(HostError) in
            try readFile(path, limitBytes: Self.recordBytesMax)
        }
        // Because a record that is no record means the same as none: the step runs again.
        guard let record = try? JSONDecoder().decode(StepRecord.self, from: Data(bytes)),
            record.fingerprint == fingerprint, contains(record.output),
            record.files.values.allSatisfy(contains)
        else { return nil }
        return record
    }

    /// Keeps what a step produced; replaces an earlier record of the same fingerprint.
    package func store(_ record: StepRecord) throws(RegistryError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes: [UInt8]
        do {
            bytes = Array(try encoder.encode(record)) + [UInt8(ascii: "\n")]
        } catch {
            throw .recordNotEncodable(record.fingerprint, detail: "\(error)")
        }
        try onDisk { () throws(HostError) in
            try makeFolder(folder + "/steps")
            try writeFileAtomically(recordPath(record.fingerprint), bytes)
        }
    }
}
