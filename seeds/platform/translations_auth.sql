-- Texts of the pages before the desktop: sign-in, registration, password reset, verification, two-factor.
-- One line a key: key, Hungarian, English, so that a key cannot exist in one language only.
-- Keyed on (locale, namespace, key). {name} marks a value put in when the text is shown.

INSERT INTO platform.translations (locale, namespace, key, value)
SELECT t.locale, 'auth', s.key, t.value
FROM (
    VALUES
        -- sign-in
        ('login.title', 'Bejelentkezés', 'Sign in'),
        ('login.subtitle', 'Üdvözlünk újra!', 'Welcome back!'),
        ('login.email', 'E-mail-cím', 'Email address'),
        ('login.emailOrUsername', 'E-mail-cím vagy felhasználónév', 'Email address or username'),
        ('login.password', 'Jelszó', 'Password'),
        ('login.showPassword', 'Jelszó megjelenítése', 'Show password'),
        ('login.hidePassword', 'Jelszó elrejtése', 'Hide password'),
        ('login.rememberMe', 'Maradjak bejelentkezve', 'Keep me signed in'),
        ('login.submit', 'Bejelentkezés', 'Sign in'),
        ('login.submitting', 'Bejelentkezés folyamatban…', 'Signing in…'),
        ('login.forgotPassword', 'Elfelejtett jelszó', 'Forgot your password?'),
        ('login.noAccount', 'Még nincs fiókod?', 'No account yet?'),
        ('login.createAccount', 'Regisztráció', 'Create an account'),
        ('login.or', 'vagy', 'or'),
        ('login.withProvider', 'Bejelentkezés ezzel: {provider}', 'Sign in with {provider}'),
        ('login.withCode', 'Bejelentkezés e-mailben kapott kóddal', 'Sign in with an emailed code'),

        -- sign-in with a code sent by e-mail
        ('emailOtp.title', 'Bejelentkezés kóddal', 'Sign in with a code'),
        ('emailOtp.send', 'Kód küldése', 'Send code'),
        ('emailOtp.sent', 'Ha tartozik fiók ehhez a címhez, elküldtük rá a kódot: {email}', 'If there is an account for this address, we have sent a code to it: {email}'),
        ('emailOtp.code', 'Bejelentkezési kód', 'Sign-in code'),
        ('emailOtp.resend', 'Új kód kérése', 'Request a new code'),
        ('emailOtp.resendIn', 'Új kód {seconds} másodperc múlva kérhető.', 'You can request a new code in {seconds} seconds.'),

        -- registration
        ('register.title', 'Regisztráció', 'Create your account'),
        ('register.fullName', 'Teljes név', 'Full name'),
        ('register.email', 'E-mail-cím', 'Email address'),
        ('register.username', 'Felhasználónév', 'Username'),
        ('register.password', 'Jelszó', 'Password'),
        ('register.confirmPassword', 'Jelszó még egyszer', 'Confirm password'),
        ('register.acceptTerms', 'Elfogadom a felhasználási feltételeket.', 'I accept the terms of use.'),
        ('register.submit', 'Fiók létrehozása', 'Create account'),
        ('register.haveAccount', 'Már van fiókod?', 'Already have an account?'),
        ('register.success', 'A fiókod elkészült. Nézd meg a postaládádat, és erősítsd meg az e-mail-címedet.', 'Your account is ready. Check your inbox and verify your email address.'),
        ('register.closed', 'A regisztráció jelenleg szünetel.', 'Registration is currently closed.'),

        -- what a password must be
        ('password.rules', 'A jelszó követelményei', 'Password requirements'),
        ('password.minLength', 'legalább {min} karakter', 'at least {min} characters'),
        ('password.lowercase', 'legalább egy kisbetű', 'at least one lowercase letter'),
        ('password.uppercase', 'legalább egy nagybetű', 'at least one uppercase letter'),
        ('password.digit', 'legalább egy számjegy', 'at least one digit'),
        ('password.mismatch', 'A két jelszó nem egyezik.', 'The two passwords do not match.'),
        ('password.strength.weak', 'Gyenge', 'Weak'),
        ('password.strength.fair', 'Közepes', 'Fair'),
        ('password.strength.strong', 'Erős', 'Strong'),

        -- forgotten password
        ('forgot.title', 'Elfelejtett jelszó', 'Forgotten password'),
        ('forgot.description', 'Add meg az e-mail-címedet, és küldünk egy hivatkozást, amellyel új jelszót állíthatsz be.', 'Enter your email address and we will send you a link to set a new password.'),
        ('forgot.submit', 'Hivatkozás küldése', 'Send link'),
        ('forgot.sent', 'Ha tartozik fiók ehhez a címhez, hamarosan megérkezik a levél.', 'If there is an account for this address, the email will arrive shortly.'),
        ('reset.title', 'Új jelszó beállítása', 'Set a new password'),
        ('reset.newPassword', 'Új jelszó', 'New password'),
        ('reset.submit', 'Jelszó mentése', 'Save password'),
        ('reset.success', 'Az új jelszavad elkészült, most már bejelentkezhetsz vele.', 'Your new password is set. You can sign in with it now.'),
        ('reset.invalidLink', 'A hivatkozás érvénytelen vagy lejárt. Kérj újat.', 'The link is invalid or has expired. Request a new one.'),
        ('backToLogin', 'Vissza a bejelentkezéshez', 'Back to sign-in'),

        -- verifying an e-mail address
        ('verify.title', 'E-mail-cím megerősítése', 'Verify your email address'),
        ('verify.checkInbox', 'Elküldtük a megerősítő levelet erre a címre: {email}', 'We have sent a verification email to {email}.'),
        ('verify.resend', 'Levél újraküldése', 'Resend email'),
        ('verify.inProgress', 'Megerősítés folyamatban…', 'Verifying…'),
        ('verify.success', 'Az e-mail-címedet megerősítetted.', 'Your email address has been verified.'),
        ('verify.failed', 'Az e-mail-cím megerősítése nem sikerült.', 'The email address could not be verified.'),

        -- second step of signing in
        ('twoFactor.title', 'Kétlépcsős azonosítás', 'Two-factor authentication'),
        ('twoFactor.prompt', 'Írd be a hitelesítő alkalmazásodban látható kódot.', 'Enter the code shown in your authenticator app.'),
        ('twoFactor.code', 'Hatjegyű kód', 'Six-digit code'),
        ('twoFactor.submit', 'Ellenőrzés', 'Verify'),
        ('twoFactor.useBackupCode', 'Tartalék kód használata', 'Use a backup code'),
        ('twoFactor.backupCode', 'Tartalék kód', 'Backup code'),
        ('twoFactor.trustDevice', 'Ezen az eszközön {days} napig ne kérjen kódot', 'Do not ask for a code on this device for {days} days'),

        -- why it did not work
        ('errors.invalidCredentials', 'Hibás e-mail-cím vagy jelszó.', 'Wrong email address or password.'),
        ('errors.invalidCode', 'A kód hibás vagy lejárt.', 'The code is wrong or has expired.'),
        ('errors.accountDisabled', 'Ezt a fiókot letiltották. Fordulj a rendszergazdához.', 'This account has been disabled. Contact your administrator.'),
        ('errors.accountLocked', 'Túl sok sikertelen próbálkozás. Próbáld újra {minutes} perc múlva.', 'Too many failed attempts. Try again in {minutes} minutes.'),
        ('errors.emailNotVerified', 'Előbb erősítsd meg az e-mail-címedet.', 'Verify your email address first.'),
        ('errors.emailTaken', 'Ezzel az e-mail-címmel már van fiók.', 'There is already an account with this email address.'),
        ('errors.providerFailed', 'A bejelentkezés nem sikerült ezzel a szolgáltatóval: {provider}.', 'Signing in with {provider} did not work.'),
        ('errors.sessionExpired', 'A munkameneted lejárt. Jelentkezz be újra.', 'Your session has expired. Sign in again.'),

        -- signing out
        ('logout.confirm', 'Biztosan kijelentkezel?', 'Do you want to sign out?'),
        ('logout.done', 'Kijelentkeztél.', 'You have signed out.')
) AS s (key, hu, en)
CROSS JOIN LATERAL (VALUES ('hu', s.hu), ('en', s.en)) AS t (locale, value)
ON CONFLICT (locale, namespace, key) DO UPDATE
    SET value = EXCLUDED.value,
        updated_at = now()
    WHERE translations.value IS DISTINCT FROM EXCLUDED.value;
