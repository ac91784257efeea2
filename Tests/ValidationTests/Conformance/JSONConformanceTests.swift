import Testing

@testable import Validation

/// What RFC 8259, JSONTestSuite (nst) and jsonlines.org cover, with texts of our own.
///
/// JSONTestSuite's cases are values or whole texts; a line must be an object here, so that values
/// stand as members of one. Where something is refused that a parser may accept, or accepted that
/// it may refuse (its i_ cases), docs/formats.md says so.
struct JSONConformanceTests {
    @Test func `values that are accepted`() {
        for (name, value, text) in Self.values {
            let found = heard(Array("{\"k\":\(value)}\n".utf8), by: JSONLScanner())
            #expect(found.faults.isEmpty, "\(name)")
            #expect(found.rows.map(\.cells) == [[text ?? value]], "\(name)")
        }
    }

    @Test func `lines that are accepted`() {
        for (name, line, keys, rows) in Self.lines {
            let found = heard(Array(line.utf8), by: JSONLScanner())
            #expect(found.faults.isEmpty, "\(name)")
            #expect(found.keys == keys && found.rows.count == rows, "\(name)")
        }
    }

    @Test func `values that are refused`() {
        for (name, value) in Self.wrongValues {
            let found = heard(Array("{\"k\":\(value)}\n{\"k\":1}\n".utf8), by: JSONLScanner())
            #expect(found.rows.map(\.cells) == [["1"]], "\(name)")
            expectRefusal(found, name)
        }
    }

    @Test func `lines that are refused`() {
        for (name, line) in Self.wrongLines {
            let found = heard(Array("\(line)\n{\"k\":1}\n".utf8), by: JSONLScanner())
            #expect(found.rows.map(\.line) == [2], "\(name)")
            expectRefusal(found, name)
        }
    }

    /// One fault says that the line is no object; another may say that it is no text.
    private func expectRefusal(_ found: Heard, _ name: String) {
        #expect(Set(found.faults.map(\.line)) == [1], "\(name)")
        let refusals = found.faults.filter { $0.kind != .nulByte }
        switch refusals.first?.kind {
        case .notAnObject, .blankRow: #expect(refusals.count == 1, "\(name)")
        default: Issue.record("\(name): \(found.faults)")
        }
    }

    @Test func `bytes that are no text are a fault with the line`() {
        for (name, bytes) in Self.wrongBytes {
            let text = Array("{\"k\":\"a".utf8) + bytes + Array("\"}\n{\"k\":1}\n".utf8)
            let found = heard(text, by: JSONLScanner())
            let fault = ScanFault(kind: .invalidUTF8, line: 1, column: 1)
            #expect(found.faults == [fault], "\(name)")
        }
    }

    @Test func `keys that stand twice are a fault, and the last value counts`() {
        for line in ["{\"k\":1,\"k\":2}", "{\"k\":1,\"k\":1}", "{\"k\":0,\"\\u006b\":2}"] {
            let found = heard(Array("\(line)\n".utf8), by: JSONLScanner())
            #expect(found.faults.map(\.kind) == [.duplicateKey], "\(line)")
            #expect(found.rows.count == 1)
        }
    }

    /// Name, value, and what its cell is where that is something else.
    private static let values: [(String, String, String?)] = [
        ("y_array_empty", "[]", nil), ("y_array_empty-string", "[\"\"]", nil),
        ("y_array_ending_with_newline, here a return", "[1]\r", "[1]"),
        ("y_array_heterogeneous", "[null,2,\"c\",{}]", nil),
        ("y_array_with_1_and_newline", "[2\r]", nil),
        ("y_array_with_leading_space", " [2]", "[2]"),
        ("y_array_with_several_null", "[3,null,null,null,4]", nil),
        ("y_array_with_trailing_space", "[5] ", "[5]"), ("y_array_arraysWithSpaces", "[[] ]", nil),
        ("y_number", "-98.5e2", nil), ("y_number_0e+1", "0e+2", nil), ("y_number_0e1", "0e3", nil),
        ("y_number_after_space", " 7", "7"),
        ("y_number_double_close_to_zero", "-0.\(zeros(80))3", nil),
        ("y_number_int_with_exp", "30e1", nil), ("y_number_minus_zero", "-0", nil),
        ("y_number_negative_int", "-321", nil), ("y_number_real_capital_e", "4E22", nil),
        ("y_number_real_capital_e_neg_exp", "4E-2", nil),
        ("y_number_real_capital_e_pos_exp", "4E+2", nil),
        ("y_number_real_exponent", "321e45", nil),
        ("y_number_real_fraction_exponent", "32.1e67", nil),
        ("y_number_simple_real", "32.567", nil),
        ("y_object_in_object", "{\"m\":{\"n\":1}}", nil), ("y_object_empty", "{}", nil),
        ("y_object_empty_key", "{\"\":0}", nil),
        ("y_object_escaped_null_in_key", "{\"o\\u0000p\":1}", nil),
        ("y_string_accepted_surrogate_pair", "\"\\uD83D\\ude02\"", "😂"),
        ("y_string_allowed_escapes", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{C}\n\r\t"),
        ("y_string_backslash_and_u_escaped_zero", "\"\\\\u0000\"", "\\u0000"),
        ("y_string_comments", "\"x/*y*/z//w\"", "x/*y*/z//w"),
        ("y_string_double_escape_n", "\"\\\\n\"", "\\n"),
        ("y_string_escaped_control_character", "\"\\u0013\"", "\u{13}"),
        ("y_string_last_surrogates", "\"\\uDBFF\\uDFFE\"", "\u{10FFFE}"),
        ("y_string_nonCharacterInUTF-8", "\"\u{FFFF}\"", "\u{FFFF}"),
        ("y_string_null_escape", "\"\\u0000\"", "\0"), ("y_string_one-byte", "\"\\u002d\"", "-"),
        ("y_string_pi", "\"π\"", "π"), ("y_string_simple_ascii", "\"mno \"", "mno "),
        ("y_string_space", "\" \"", " "), ("y_string_three-byte", "\"\\u0822\"", "\u{822}"),
        ("y_string_u+2028_line_sep", "\"\u{2028}\u{2029}\"", "\u{2028}\u{2029}"),
        ("y_string_unicode_U+10FFFE", "\"\u{10FFFE}\"", "\u{10FFFE}"),
        ("y_string_with_del_character", "\"q\u{7F}r\"", "q\u{7F}r"),
        ("y_structure_true_in_array", "[true]", nil), ("y_structure_whitespace", " \t\r[] ", "[]"),
        ("y_structure_lonely, as members", "false", nil),
        ("i_number_double_huge_neg_exp", "321.5e-789012", nil),
        ("i_number_huge_exp", "0.5e00669999999999999999999999999", nil),
        ("i_number_real_pos_overflow", "321321e200000", nil),
        ("i_number_too_big_pos_int", "200000000000000000000", nil),
        ("i_structure, 64 arrays", open(64) + close(64), nil),
    ]

    private static let lines: [(String, String, [String], Int)] = [
        ("jsonlines.org: the last line may lack its end", "{\"k\":1}\n{\"k\":2}", ["k"], 2),
        ("jsonlines.org: CRLF ends a line", "{\"k\":1}\r\n{\"k\":2}\r\n", ["k"], 2),
        ("jsonlines.org: no byte order mark; it is passed over", "\u{FEFF}{\"k\":1}\n", ["k"], 1),
        ("y_object_basic", "{\"key\":\"value\"}\n", ["key"], 1),
        ("y_object_extreme_numbers", "{\"a\":-1.0e+28,\"b\":1.0e+28}\n", ["a", "b"], 1),
        (
            "y_object_long_strings",
            "{\"x\":[{\"id\":\"\(zeros(300))\"}],\"id\":\"\(zeros(300))\"}\n", ["x", "id"], 1
        ),
        ("y_object_string_unicode", "{\"t\":\"\\u041f\\u043e\"}\n", ["t"], 1),
        ("y_object_with_newlines, here returns", "{\r\"k\"\r:\r1\r}\r\n", ["k"], 1),
        ("y_object, an empty key", "{\"\":1}\n", [""], 1), ("y_object_empty", "{}\n", [], 1),
    ]

    private static let wrongValues: [(String, String)] = [
        ("n_array_1_true_without_comma", "[2 true]"),
        ("n_array_colon_instead_of_comma", "[\"\":2]"),
        ("n_array_comma_and_number", "[,2]"), ("n_array_double_comma", "[2,,3]"),
        ("n_array_double_extra_comma", "[\"s\",,]"), ("n_array_extra_close", "[\"s\"]]"),
        ("n_array_extra_comma", "[\"s\",]"), ("n_array_incomplete", "[\"s\""),
        ("n_array_incomplete_invalid_value", "[s"), ("n_array_inner_array_no_comma", "[4[5]]"),
        ("n_array_items_separated_by_semicolon", "[2:3]"), ("n_array_just_comma", "[,]"),
        ("n_array_just_minus", "[-]"), ("n_array_missing_value", "[   , \"\"]"),
        ("n_array_number_and_comma", "[2,]"), ("n_array_star_inside", "[*]"),
        ("n_incomplete_false", "[fals]"), ("n_incomplete_null", "[nul]"),
        ("n_incomplete_true", "[tru]"),
        ("n_number_++", "++56"), ("n_number_+1", "+2"), ("n_number_+Inf", "+Inf"),
        ("n_number_-01", "-02"), ("n_number_-1.0.", "-2.0."), ("n_number_-2.", "-3."),
        ("n_number_-NaN", "-NaN"), ("n_number_.-1", ".-2"), ("n_number_.2e-3", ".3e-4"),
        ("n_number_0.1.2", "0.2.3"), ("n_number_0.3e", "0.4e"), ("n_number_0.3e+", "0.4e+"),
        ("n_number_0.e1", "0.e2"), ("n_number_0_capital_E", "0E"), ("n_number_0_capital_E+", "0E+"),
        ("n_number_1.0e", "2.0e"), ("n_number_1.0e-", "2.0e-"), ("n_number_1_000", "2 000"),
        ("n_number_1eE2", "2eE3"), ("n_number_2.e3", "3.e4"), ("n_number_9.e+", "8.e+"),
        ("n_number_Inf", "Inf"), ("n_number_NaN", "NaN"), ("n_number_U+FF11", "\u{FF12}"),
        ("n_number_expression", "2+3"), ("n_number_hex_1_digit", "0x2"),
        ("n_number_hex_2_digits", "0x43"),
        ("n_number_infinity", "Infinity"), ("n_number_invalid+-", "0e+-2"),
        ("n_number_minus_infinity", "-Infinity"),
        ("n_number_minus_sign_with_trailing_garbage", "-goo"),
        ("n_number_minus_space_1", "- 2"), ("n_number_neg_int_starting_with_zero", "-034"),
        ("n_number_neg_real_without_int_part", "-.345"), ("n_number_real_garbage_after_e", "2eb"),
        ("n_number_starting_with_dot", ".345"), ("n_number_with_alpha", "2.3b-4"),
        ("n_number_with_leading_zero", "034"), ("n_multidigit_number_then_00", "34\0"),
        ("n_object_bad_value", "[\"y\", truth]"), ("n_object_bracket_key", "{[: \"y\"}"),
        ("n_object_comma_instead_of_colon", "{\"y\", null}"),
        ("n_object_double_colon", "{\"y\"::\"c\"}"),
        ("n_object_emoji", "{🎈}"), ("n_object_garbage_at_end", "{\"b\":\"c\" 234}"),
        ("n_object_key_with_single_quotes", "{key: 'value'}"),
        ("n_object_missing_colon", "{\"b\" c}"),
        ("n_object_missing_key", "{:\"c\"}"), ("n_object_missing_semicolon", "{\"b\" \"c\"}"),
        ("n_object_missing_value", "{\"b\":}"), ("n_object_no-colon", "{\"b\"}"),
        ("n_object_non_string_key", "{2:2}"),
        ("n_object_repeated_null_null", "{null:null,null:null}"),
        ("n_object_several_trailing_commas", "{\"k\":0,,,}"), ("n_object_single_quote", "{'b':0}"),
        ("n_object_trailing_comma", "{\"k\":0,}"),
        ("n_object_trailing_comment", "{\"b\":\"c\"}/**/"),
        ("n_object_two_commas_in_a_row", "{\"b\":\"c\",,\"d\":\"e\"}"),
        ("n_object_unquoted_key", "{b: \"c\"}"),
        ("n_string_1_surrogate_then_escape", "\"\\uD800\\\""),
        ("n_string_1_surrogate_then_escape_u", "\"\\uD800\\u\""),
        ("n_string_1_surrogate_then_escape_u1x", "\"\\uD800\\u2y\""),
        ("n_string_backslash_00", "\"\\\0\""),
        ("n_string_escape_x", "\"\\x01\""), ("n_string_escaped_backslash_bad", "\"\\\\\\\""),
        ("n_string_escaped_ctrl_char_tab", "\"\\\t\""), ("n_string_escaped_emoji", "\"\\🎈\""),
        ("n_string_incomplete_escaped_character", "\"\\u00B\""),
        ("n_string_incomplete_surrogate", "\"\\uD834\\uDd\""),
        ("n_string_invalid_backslash_esc", "\"\\b\\c\""),
        ("n_string_invalid_unicode_escape", "\"\\uqqqq\""),
        ("n_string_no_quotes_with_bad_escape", "\\n"), ("n_string_single_quote", "'single'"),
        ("n_string_single_string_no_double_quotes", "abc"),
        ("n_string_unescaped_ctrl_char", "\"b\u{1}b\""),
        ("n_string_unescaped_tab", "\"\t\""), ("n_string_unicode_CapitalU", "\"\\UB66D\""),
        ("n_structure_U+2060_word_joined", "[\u{2060}]"),
        ("n_structure_capitalized_True", "[True]"),
        ("n_structure_unicode-identifier", "å"), ("n_structure_whitespace_formfeed", "[\u{C}]"),
        ("n_structure_number_with_trailing_garbage", "3@"),
        ("n_structure_no_data, as a member", ""),
        ("i_string_1st_surrogate_but_2nd_missing", "\"\\uDADB\""),
        ("i_string_1st_valid_surrogate_2nd_invalid", "\"\\uD888\\u2345\""),
        ("i_string_incomplete_surrogate_and_escape_valid", "\"\\uD800\\n\""),
        ("i_string_inverted_surrogates_U+1D11E", "\"\\uDd1e\\uD834\""),
        ("i_string_invalid_lonely_surrogate", "\"\\ud801\""),
        ("i_structure_500_nested_arrays", open(500) + close(500)),
        ("i_structure, 65 arrays", open(65) + close(65)),
        ("n_structure_100000_opening_arrays", open(100_000)),
        ("n_structure_open_array_object", String(repeating: "[{\"\":", count: 50_000)),
    ]

    private static let wrongLines: [(String, String)] = [
        ("y_structure_lonely_string", "\"mnop\""), ("y_structure_lonely_int", "43"),
        ("y_structure_lonely_true", "true"), ("y_structure_lonely_null", "null"),
        ("y_array, a line of its own", "[{\"k\":1}]"),
        ("n_structure_array_trailing_garbage", "[2]x"),
        ("n_structure_double_array, as objects", "{}{}"),
        ("n_structure_object_with_comment", "{\"b\":/*c*/\"d\"}"),
        ("n_structure_object_with_trailing_garbage", "{\"b\": true} \"y\""),
        ("n_structure_end_array", "]"),
        ("n_structure_lone-open-bracket", "{"), ("n_structure_close_unopened", "{\"k\":1}}"),
        ("n_structure_trailing_#", "{\"b\":\"c\"}#{}"),
        ("n_structure_UTF8_BOM_no_data, on a line", "\u{FEFF}x"),
        ("n_structure_null-byte-outside-string", "{\"k\":\0}"),
        ("n_structure_unclosed_object", "{\"asd\":\"asd\""),
        ("n_structure_whitespace_U+2060", "\u{2060}{}"),
        ("n_structure_ascii-unicode-identifier", "aå"),
        ("n_structure_angle_bracket", "<.>"), ("n_object_lone_continuation, a comma", "{\"k\":0},"),
        ("jsonlines.org: a blank line", ""), ("jsonlines.org: a line of spaces", " \t"),
    ]

    private static let wrongBytes: [(String, [UInt8])] = [
        ("i_string_invalid_utf-8", [0xFF]), ("i_string_iso_latin_1", [0xE9]),
        ("i_string_lone_utf8_continuation_byte", [0x81]),
        ("i_string_not_in_unicode_range", [0xF4, 0xBF, 0xBF, 0xBF]),
        ("i_string_overlong_sequence_2_bytes", [0xC0, 0xAF]),
        ("i_string_overlong_sequence_6_bytes", [0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF]),
        ("i_string_truncated-utf-8", [0xE0, 0xFF]),
        ("i_string_UTF-8_invalid_sequence", [0xE6, 0x97, 0xA5, 0xD1, 0x88, 0xFA]),
        ("a half of a surrogate pair in UTF-8", [0xED, 0xA0, 0x80]),
    ]

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
    private static func open(_ count: Int) -> String { String(repeating: "[", count: count) }
    private static func close(_ count: Int) -> String { String(repeating: "]", count: count) }
}
