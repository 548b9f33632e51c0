# The part of Homebrew that our formula uses, so that it can be proved without Homebrew: evaluates it for a system, installs
# what was unpacked here into a directory, and runs its test.
#
#   ruby formula-stand-in.rb nono.rb SYSTEM CPU PREFIX      in the directory that the archive holds; prints url and digest
#
# Source: https://docs.brew.sh/Formula-Cookbook, and its Pathname#install_symlink.

require "fileutils"
require "pathname"

class Pathname
  def install(*sources)
    mkpath
    sources.flatten.each { |source| FileUtils.mv(source, self) }
  end

  def install_symlink(*sources)
    mkpath
    sources.flatten.each do |source|
      pairs = source.is_a?(Hash) ? source : { source => File.basename(source) }
      pairs.each do |target, name|
        raise "#{target} is not there" unless File.exist?(target)
        FileUtils.ln_s(Pathname(target).relative_path_from(self), self / name)
      end
    end
  end
end

class Formula
  class << self
    attr_accessor :system, :cpu

    # Each is said and asked by one word.
    %i[desc homepage version license url sha256].each do |word|
      define_method(word) do |value = nil|
        @said ||= {}
        raise "#{word} is said twice" if value && @said.key?(word)
        value ? @said[word] = value : @said.fetch(word)
      end
    end

    def on_macos = (yield if system == "darwin")
    def on_linux = (yield if system == "linux")
    def on_arm = (yield if cpu == "arm64")
    def on_intel = (yield if cpu == "x64")
    def test(&block) = define_method(:test, &block)

    # The formula asks itself for which system it is.
    def inherited(formula)
      @formula = formula
      formula.system = system
      formula.cpu = cpu
    end
    attr_reader :formula
  end

  def initialize(prefix) = (@prefix = Pathname(prefix))
  def version = self.class.version
  def libexec = @prefix / "libexec"
  def bin = @prefix / "bin"
  def man1 = @prefix / "share/man/man1"
  def bash_completion = @prefix / "etc/bash_completion.d"
  def zsh_completion = @prefix / "share/zsh/site-functions"
  def fish_completion = @prefix / "share/fish/vendor_completions.d"

  def shell_output(command)
    said = `#{command}`
    raise "#{command}: exit code #{$?.exitstatus}" unless $?.success?
    said
  end

  def assert_match(expected, said)
    raise "#{expected} is not in #{said}" unless said.include?(expected)
  end
end

file, system, cpu, prefix = ARGV
Formula.system = system
Formula.cpu = cpu
load File.expand_path(file)
formula = Formula.formula
%i[desc homepage version license url sha256].each { |word| formula.public_send(word) }
installed = formula.new(prefix)
installed.install
installed.test
puts formula.url, formula.sha256
