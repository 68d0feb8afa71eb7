public import KapinBase

/// Facts as bytes and back: their tables are flat, so this copies memory.
extension FileFacts {
  public func archive(into writer: inout ArchiveWriter) {
    names.archive(into: &writer)
    lines.archive(into: &writer)
    writer.put(imports.rows)
    writer.put(exports)
    writer.put(declarations.rows)
    writer.put(parameters)
    writer.put(bindings.rows)
    writer.put(calls.rows)
    writer.put(elements.rows)
    writer.put(attributes)
    writer.put(texts)
    writer.put(decorators)
    writer.put(assignments)
    writer.put(environment)
    writer.put(statements.rows)
    writer.put(values.rows)
    writer.put(valueStarts)
    writer.put(valueLists)
    writer.put(conditions)
    writer.put(tests)
    writer.put(fallbacks)
    writer.put(implementations)
    writer.put(properties)
    writer.put(directives)
    writer.put([
      Int64(style.singleQuotes), Int64(style.doubleQuotes), Int64(style.semicolons),
      Int64(style.statementsWithoutSemicolon), style.hasCarriageReturns ? 1 : 0, style.usesImport ? 1 : 0,
      style.usesRequire ? 1 : 0, Int64(style.importsEnd), Int64(style.prologueEnd), hasSyntaxErrors ? 1 : 0,
    ])
    writer.put(style.indentation)
    writer.put(UInt32(notes.count))
    for note in notes {
      writer.put(note.at)
      writer.put(note.id.rawValue)
      writer.put(note.message)
    }
  }

  /// `nil` when the bytes are no archive of facts.
  public init?(archive reader: inout ArchiveReader) {
    self.init()
    guard let names = NameTable(archive: &reader), let lines = LineTable(archive: &reader),
      let imports = reader.take(Import.self), let exports = reader.take(Export.self),
      let declarations = reader.take(Declaration.self), let parameters = reader.take(Parameter.self),
      let bindings = reader.take(Binding.self), let calls = reader.take(Call.self),
      let elements = reader.take(Element.self), let attributes = reader.take(Attribute.self),
      let texts = reader.take(ScreenText.self), let decorators = reader.take(Decorator.self),
      let assignments = reader.take(Assignment.self), let environment = reader.take(EnvironmentRead.self),
      let statements = reader.take(Statement.self), let values = reader.take(Value.self),
      let valueStarts = reader.take(UInt32.self), let valueLists = reader.take(ValueID.self),
      let conditions = reader.take(Condition.self), let tests = reader.take(Test.self),
      let fallbacks = reader.take(Fallback.self), let implementations = reader.take(Implementation.self),
      let properties = reader.take(Property.self), let directives = reader.take(Name.self),
      let style = reader.take(Int64.self), style.count == 10, let indentation = reader.takeText(),
      let noteCount = reader.takeOne(UInt32.self), noteCount < 100_000
    else { return nil }
    self.names = names
    self.lines = lines
    self.imports = Table(imports)
    self.exports = exports
    self.declarations = Table(declarations)
    self.parameters = parameters
    self.bindings = Table(bindings)
    self.calls = Table(calls)
    self.elements = Table(elements)
    self.attributes = attributes
    self.texts = texts
    self.decorators = decorators
    self.assignments = assignments
    self.environment = environment
    self.statements = Table(statements)
    self.values = Table(values)
    self.valueStarts = valueStarts
    self.valueLists = valueLists
    self.conditions = conditions
    self.tests = tests
    self.fallbacks = fallbacks
    self.implementations = implementations
    self.properties = properties
    self.directives = directives
    self.style.singleQuotes = Int(style[0])
    self.style.doubleQuotes = Int(style[1])
    self.style.semicolons = Int(style[2])
    self.style.statementsWithoutSemicolon = Int(style[3])
    self.style.hasCarriageReturns = style[4] != 0
    self.style.usesImport = style[5] != 0
    self.style.usesRequire = style[6] != 0
    self.style.importsEnd = UInt32(truncatingIfNeeded: style[7])
    self.style.prologueEnd = UInt32(truncatingIfNeeded: style[8])
    hasSyntaxErrors = style[9] != 0
    self.style.indentation = indentation
    for _ in 0..<noteCount {
      guard let at = reader.takeOne(UInt32.self), let id = reader.takeText().flatMap(DiagnosticID.init),
        let message = reader.takeText()
      else { return nil }
      notes.append(FactNote(id, message, at: at))
    }
  }
}
