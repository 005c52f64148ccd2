# Renders templates with Ruby Liquid: a JSON object a line in, one a line out.
# {"template", "data", "mode", "partials"} -> {"output"} or {"refused"}
require "json"
require "bigdecimal"
require "active_support"
require "active_support/core_ext"
require "liquid"

Partials = Struct.new(:sources) do
  def read_template_file(name)
    sources[name] || raise(Liquid::FileSystemError, "No such template '#{name}'")
  end
end

OpsLevel = Module.new do
  def jsonify(input)
    JSON.generate(input)
  end
end

# The clock stands still, so that 'now' and times without a date compare.
Time.define_singleton_method(:now) { at(1_795_308_725) }

$stdout.sync = true
$stdin.each_line do |line|
  request = JSON.parse(line)
  reply =
    begin
      template = Liquid::Template.parse(request["template"], line_numbers: true, error_mode: request["mode"].to_sym)
      files = Partials.new(request["partials"] || {})
      output = template.render(request["data"], registers: { file_system: files }, filters: [OpsLevel])
      { "output" => output }
    rescue Liquid::Error => e
      { "refused" => e.message }
    rescue StandardError => e
      { "raised" => "#{e.class}: #{e.message}" }
    end
  begin
    puts JSON.generate(reply)
  rescue JSON::GeneratorError
    puts JSON.generate("raised" => "output is not UTF-8")
  end
end
