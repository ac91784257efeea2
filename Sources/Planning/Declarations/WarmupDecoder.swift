import Domain
import FoundationEssentials

/// Reads the file that `serving.warmup` names: one predict request.
///
/// Its diagnostics are repeated where `model.yaml` names the file.
func decodeWarmup(_ bytes: [UInt8], file: String) -> Parsed<JSONValue> {
    func refused(_ message: String) -> Parsed<JSONValue> {
        Parsed(
            draft: nil,
            diagnostics: [
                Diagnostic(
                    at: Place(file: file), message, hint: "write {\"instances\": [[…]]}")
            ])
    }
    guard bytes.count <= documentBytesMax else {
        return refused("the warm-up file \(quoted(file)) is larger than 1 MiB")
    }
    // Because whatever the decoder says, the person only needs to know that it is not JSON.
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
        return refused("the warm-up file \(quoted(file)) is not JSON")
    }
    guard case .object(let members) = value, members["instances"] != nil else {
        return refused("the warm-up file \(quoted(file)) is not an object with `instances`")
    }
    return Parsed(draft: value, diagnostics: [])
}
