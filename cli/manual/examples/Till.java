// Till.java SALE.json ID - prints a receipt and acts on what became of it.
// Without a JSON library the exit status says all that a till must know.
import java.io.IOException;
import java.util.Scanner;

public class Till {
    static String text = "";

    static int run(String... command) throws IOException, InterruptedException {
        Process call = new ProcessBuilder(command).redirectErrorStream(true).start();
        text = new String(call.getInputStream().readAllBytes());
        return call.waitFor();
    }

    public static void main(String[] arguments) throws Exception {
        String file = arguments[0], id = arguments[1];
        int status = 137;
        try {
            for (int i = 0; i < 3 && status > 128; i++)     // killed: the same id again is safe
                status = run("kwit", "print", file);
        } catch (IOException missing) {
            System.out.println("kwit is not installed");
            return;
        }
        switch (status) {
            case 0: System.out.println("done: " + text); break;
            case 75: System.out.println("the receipt prints by itself - " + text); break;
            case 76:
                System.out.print("Did the receipt come out? [y/n] ");
                boolean seen = new Scanner(System.in).nextLine().toLowerCase().startsWith("y");
                run("kwit", "resolve", id, seen ? "--seen" : "--missing");
                break;
            default: System.out.println("kwit: " + text);
        }
    }
}
