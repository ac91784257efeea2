import FoundationEssentials

/// Returns `value` as the JSON text that a column holds.
func rowText(_ value: some Encodable, _ what: String) throws(JournalError) -> String {
    do {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
        throw .notEncodable(what: what, detail: "\(error)")
    }
}

/// Reads back what `rowText` wrote; `table` and `key` name the row in the error.
func rowValue<Value: Decodable>(
    _ type: Value.Type, _ text: String, table: String, key: String
) throws(JournalError) -> Value {
    do {
        return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch {
        throw .notDecodable(table: table, key: key, detail: "\(error)")
    }
}
