import Testing

@testable import Validation

struct MojibakeTests {
    private func repaired(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        let mojibake = Mojibake(bytes.span, bytes.indices)
        return mojibake.first.map { mojibake.example($0).repaired }
    }

    @Test(arguments: [
        ("CafÃ©", "Café"), ("Ã©tÃ©", "été"), ("GrÃ¶ÃŸe", "Größe"), ("Ã–sterreich", "Österreich"),
        ("Ã…rhus", "Århus"), ("AÃ‘OS", "AÑOS"), ("ZURÃœCK", "ZURÜCK"), ("doesnâ€™t", "doesn’t"),
        ("â€œquoted", "“quoted"), ("5â‚¬", "5€"), ("Â£5", "£5"), ("100Â\u{A0}km", "100\u{A0}km"),
        ("10Ã—20", "10×20"), ("mÄ…ż", "mąż"), ("zÅ‚oty", "złoty"), ("Ä°stanbul", "İstanbul"),
        ("RÄ«ga", "Rīga"), ("IL2RÎ³c", "IL2Rγc"), ("ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("×©×œ×•×", "שלו×"), ("æ—¥æœ¬", "日本"), ("à¤¨à¤®", "नम"), ("Phá»‘", "Phố"),
        ("ðŸ˜€", "😀"), ("ï»¿id", "\u{FEFF}id"), ("nÃƒÂ©", "nÃ©"), ("CompanyÂ®", "Company®"),
        ("Ã€", "À"), ("deÈ™i", "deși"), ("â–ˆ", "█"), ("Å¡koda", "škoda"),
        ("Ã\u{A0} la", "à"), ("\u{C3}\u{89}cole", "École"), ("â\u{80}\u{99}", "’"),
    ])
    func `UTF-8 that was read byte by byte is found and repaired in one step`(
        _ text: String, _ meant: String
    ) {
        #expect(repaired(text) == meant)
    }

    @Test(arguments: [
        "C O N C L U S Ã O", "SÃO JOÃO", "AMANHÃ…", "AMANHÃ…SERÁ", "«IRMÃ»", "“MAÇÔ", "‘Ã’",
        "“Ã”", "IRMÃ—MÃE", "MAÇî", "VOCÊ…", "MARQUÉ…", "ZZAJÉ’s", "NESTLÉ® requiere", "É¿",
        "SELKÄ\u{A0}EDELLÄ\u{A0}MAAHAN", "SÖÄ£ ÑÝÄ", "5×£35", "4288×…", "1×¼×½", "2×½", "ؽ\"",
        "5 Å³", "0,5 Å² breit", "IKEA PÅ’S", "déjà\u{A0}»", "prévu à\u{A0}§\u{A0}5", "café…»",
        "café—£5", "sé…¿Qué", "¿QUÉ?¡OLÉ!", "Brontë…”", "société²»", "Spaß…", "„Spaß“", "L’été",
        "naïve café", "Ångström", "øre", "日本", "Привет", "€ 5", "Größe", "frataraká§ 141",
        "à la", "PERÚ”", "ÀÉÎÕÜ", "Âge", "Ôôô", "``lá´´", "«\u{A0}été\u{A0}»", "", "plain",
    ])
    func `honest texts are left alone`(_ text: String) {
        #expect(repaired(text) == nil)
    }

    @Test func `whatever was read as Windows-1252 between small letters is repaired`() {
        for seed in UInt64(1)...400 {
            var random = SeededRandom(seed: seed)
            // Letters that a word has inside, not marks alone: Latin, Greek, Cyrillic, CJK, faces.
            let ranges: [ClosedRange<UInt32>] = [
                0xC0...0xD6, 0xD8...0xF6, 0x100...0x17F, 0x3B1...0x3C9, 0x410...0x44F,
                0x4E00...0x4FFF, 0x1F600...0x1F64F,
            ]
            var word = "ab"
            for _ in 0...random.below(3) {
                let range = ranges[random.below(ranges.count)]
                let code = range.lowerBound + UInt32(random.below(range.count))
                if let scalar = Unicode.Scalar(code) { word.unicodeScalars.append(scalar) }
                word += "cd"
            }
            let read = misread(word)
            guard let found = repaired(read) else {
                // Such as `å` and two marks: what may be honest is left alone.
                #expect(hasMarkBehindSmallLetter(read), "seed \(seed): \(read)")
                continue
            }
            #expect(found == word, "seed \(seed): \(read)")
        }
    }

    /// The text's bytes as characters of Windows-1252, and of Latin-1 where that has none.
    private func misread(_ text: String) -> String {
        var bytes: [UInt8: Unicode.Scalar] = [:]
        for code in UInt32(0)...0x2122 {
            guard let scalar = Unicode.Scalar(code), let byte = windows1252Byte(scalar) else {
                continue
            }
            if bytes[byte] == nil || code > 0xFF { bytes[byte] = scalar }
        }
        var read = String.UnicodeScalarView()
        for byte in text.utf8 { bytes[byte].map { read.append($0) } }
        return String(read)
    }

    private func hasMarkBehindSmallLetter(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        return scalars.indices.dropFirst().contains { index in
            (0xDF...0xF4).contains(scalars[index - 1].value)
                && "\u{A0}–—…’‘“”«»‹›™´®°¹²³".unicodeScalars.contains(scalars[index])
        }
    }
}
