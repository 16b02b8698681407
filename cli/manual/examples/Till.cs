// Till.cs - prints a receipt and acts on what became of it: mcs Till.cs && mono Till.exe SALE.json ID
// Without a JSON library the exit status says all that a till must know.
using System;
using System.ComponentModel;
using System.Diagnostics;

public static class Till
{
    static int Run(string arguments, out string text)
    {
        var start = new ProcessStartInfo("kwit", arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        using (var call = Process.Start(start)) {
            text = call.StandardOutput.ReadToEnd();
            call.WaitForExit();
            return call.ExitCode;
        }
    }

    static string Quote(string word) => "\"" + word.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    public static int Main(string[] arguments)
    {
        string file = arguments[0], id = arguments[1], text = "";
        int status = 137;
        try {
            for (int i = 0; i < 3 && status > 128; i++)        // killed: the same id again is safe
                status = Run("print --json " + Quote(file), out text);
        } catch (Win32Exception) {
            Console.WriteLine("kwit is not installed");
            return 1;
        }
        switch (status) {
        case 0: Console.WriteLine("done: " + text); break;
        case 75: Console.WriteLine("the receipt prints by itself - " + text); break;
        case 76:
            Console.Write("Did the receipt come out? [y/n] ");
            bool seen = (Console.ReadLine() ?? "").ToLowerInvariant().StartsWith("y");
            Run("resolve " + Quote(id) + (seen ? " --seen" : " --missing"), out text);
            break;
        default: Console.WriteLine("kwit: " + text); break;
        }
        return status;
    }
}
